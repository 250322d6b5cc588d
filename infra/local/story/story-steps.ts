/** The steps of a message that the story shows, and the event of its timeline that tells of each. */
export const storySteps = [
  ['accepted', 'accepted'],
  ['sending', 'handed_over'],
  ['submitted', 'provider_accepted'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
] as const;

export type StoryStep = (typeof storySteps)[number][0];

export type TimelineEvent = { at: Date; event: string };

/** When each step was reached, in milliseconds since the message was accepted. */
export type ReachedSteps = Partial<Record<StoryStep, number>>;

/** Reads the steps from a timeline; of a step that was taken twice the first time counts. */
export function reachedSteps(timeline: readonly TimelineEvent[]): ReachedSteps {
  const acceptedAt = timeline.find(({ event }) => event === 'accepted')?.at;
  if (acceptedAt === undefined) return {};
  const reached: ReachedSteps = {};
  for (const [step, event] of storySteps) {
    const found = timeline.find((entry) => entry.event === event);
    if (found !== undefined) reached[step] = Math.max(0, found.at.getTime() - acceptedAt.getTime());
  }
  return reached;
}

const ENDS = ['delivered', 'failed', 'rejected', 'undelivered', 'expired', 'canceled'];

/** Whether nothing more happens to a message in this state. */
export function isEnd(state: string): boolean {
  return ENDS.includes(state);
}
