import type { Paint } from '../terminal/colours.ts';
import type { Terminal } from '../terminal/terminal.ts';
import type { ReachedSteps } from './story-steps.ts';
import { renderNews, renderTable, type StoryMessage, tableWidth } from './story-table.ts';

export type StoryScreen = {
  /** Shows how far the messages got: redrawn in place, or a line per step where that is not possible. */
  update(messages: readonly StoryMessage[]): void;
  /** Leaves the table as it stands. */
  end(messages: readonly StoryMessage[]): void;
};

/** Shows the story on a terminal. */
export function showStory(terminal: Terminal, paint: Paint): StoryScreen {
  const known = new Map<string, ReachedSteps>();
  return {
    update(messages) {
      if (terminal.canRedraw(tableWidth(messages))) return terminal.live(renderTable(messages, paint));
      for (const message of messages) {
        for (const line of renderNews(message, known.get(message.tenant) ?? {})) terminal.print(line);
        known.set(message.tenant, message.reached);
      }
    },
    end(messages) {
      terminal.live([]);
      for (const line of ['', ...renderTable(messages, paint), '']) terminal.print(line);
    },
  };
}
