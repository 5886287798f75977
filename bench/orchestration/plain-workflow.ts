import { proxyActivities } from '@temporalio/workflow';

const { plainStep } = proxyActivities<{
  plainStep(input: { key: string }): Promise<{ rows: number }>;
}>({
  startToCloseTimeout: '1 minute',
});

/** What Temporal's own samples do: so many activities one after the other, with nothing around them. */
export async function plainSample(steps: number): Promise<number> {
  let rows = 0;
  for (let at = 0; at < steps; at += 1) rows += (await plainStep({ key: `mart.a${at}` })).rows;
  return rows;
}
