/** Whether the address is this machine's own. */
export function isLoopback(url: string): boolean {
  const hostname = new URL(url).hostname.toLowerCase();
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
