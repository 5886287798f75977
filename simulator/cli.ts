import { parseArgs } from 'node:util';
import { startCity } from './city.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    now: { type: 'string' },
    scale: { type: 'string' },
    years: { type: 'string' },
    seed: { type: 'string' },
    'with-parent': { type: 'boolean' },
  },
});

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

async function main(): Promise<void> {
  if (values.now === undefined) throw new RangeError('--now yyyy-MM-dd is required');
  const city = await startCity({
    now: values.now,
    port: number(values.port),
    scale: number(values.scale),
    years: number(values.years),
    seed: number(values.seed),
  });
  const end = (): void => {
    void city.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (values['with-parent'] === true) process.stdin.once('close', end).resume();
  process.stdout.write(`${JSON.stringify({ url: city.url })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
});
