-- Which of our meters a subscription's prices bill at Stripe; an empty list until each is read again
ALTER TABLE "stripe_subscriptions" ADD COLUMN "meters" TEXT[] DEFAULT ARRAY[]::TEXT[];
