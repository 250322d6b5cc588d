/** The style sheet of the pages of all simulators. */
export const pageStyle = `
  :root { color-scheme: light dark; --line: #8884; --soft: #8882; }
  * { box-sizing: border-box; }
  body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 80rem;
    font: 15px/1.5 system-ui, sans-serif; }
  h1 { font-size: 1.4rem; margin: 0 0 .25rem; }
  h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
  p { margin: 0; opacity: .75; }
  pre { margin: 0; padding: .75rem; background: var(--soft); border-radius: .5rem;
    white-space: pre-wrap; overflow-wrap: anywhere; }
  table { width: 100%; border-collapse: collapse; }
  th, td { text-align: left; vertical-align: top; padding: .5rem .6rem; border-bottom: 1px solid var(--line); }
  th { font-size: .8rem; opacity: .7; font-weight: 600; }
  td { overflow-wrap: anywhere; }
  td.text { min-width: 14rem; white-space: pre-wrap; }
  td.plain { white-space: nowrap; }
  .state { padding: .1rem .5rem; border-radius: 1rem; background: var(--soft); white-space: nowrap; }
  .good { background: #2a72; } .under-way { background: #27b3; } .bad { background: #c334; }
  .actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .75rem 0; }
  button, select { font: inherit; padding: .45rem .9rem; border-radius: .5rem; border: 1px solid var(--line); }
  button { cursor: pointer; background: #27b3; }
  th.number, td.number { text-align: right; }
  td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
  iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff; }
  small { opacity: .7; }
  @media (max-width: 50rem) {
    thead { display: none; }
    tr { display: block; padding: .6rem 0; border-bottom: 1px solid var(--line); }
    td, td.text, td.plain, td.number { text-align: left; display: grid; grid-template-columns: 6rem 1fr; gap: .5rem; min-width: 0;
      padding: .1rem 0; border: 0; white-space: pre-wrap; }
    td::before { content: attr(data-label); opacity: .6; }
  }
`;
