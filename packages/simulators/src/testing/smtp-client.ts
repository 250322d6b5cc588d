import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface SmtpClient {
  /** Sends a line and resolves with the last line of the reply, or null when the connection ended instead. */
  say(line: string): Promise<string | null>;
  /** Sends a whole mail up to the final dot; resolves with the reply to it, or to what was refused before. */
  send(mail: { from?: string; to?: string[]; lines: string[] }): Promise<string | null>;
  end(): void;
}

/** Connects to a mail server and greets it. */
export async function connectSmtp(url: string): Promise<SmtpClient> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const reader = createInterface({ input: socket });
  socket.once('close', () => reader.close());
  const lines = reader[Symbol.asyncIterator]();

  async function reply(): Promise<string | null> {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) return null;
      // A dash after the code means that more lines follow.
      if (value[3] !== '-') return value;
    }
  }

  async function say(line: string): Promise<string | null> {
    socket.write(`${line}\r\n`);
    return reply();
  }

  await reply();
  await say('EHLO test.example');
  return {
    say,
    send: async ({ from = 'billing@tollgate.example', to = ['ada@example.com'], lines: content }) => {
      await say(`MAIL FROM:<${from}>`);
      for (const recipient of to) {
        const answer = await say(`RCPT TO:<${recipient}>`);
        if (!answer?.startsWith('250')) return answer;
      }
      const ready = await say('DATA');
      return ready?.startsWith('354') ? say(`${content.join('\r\n')}\r\n.`) : ready;
    },
    end: () => socket.destroy(),
  };
}

/** Returns the lines of a mail with text, HTML and an attachment. */
export function aMail(subject = 'Invoice'): string[] {
  return [
    'From: Tollgate <billing@tollgate.example>',
    'To: Ada <ada@example.com>',
    `Subject: ${subject}`,
    'Message-ID: <1@tollgate.example>',
    'X-Note: one',
    'X-Note: two',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=outer',
    '',
    '--outer',
    'Content-Type: multipart/alternative; boundary=inner',
    '',
    '--inner',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'P=C5=99=C3=ADloha',
    '--inner',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<b title="x">Attached</b><script>alert(1)</script>',
    '--inner--',
    '--outer',
    'Content-Type: application/pdf; name=invoice.pdf',
    'Content-Disposition: attachment; filename=invoice.pdf',
    'Content-Transfer-Encoding: base64',
    '',
    'JVBERi0=',
    '--outer--',
  ];
}
