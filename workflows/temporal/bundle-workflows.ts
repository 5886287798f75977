import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/**
 * Bundles the workflows once, when the product is built: a worker starts without a bundler, and what it runs is what was
 * tested. Run as a script by `npm run build`.
 */
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)),
  workflowInterceptorModules: [
    fileURLToPath(new URL('./correlation-in-workflow.js', import.meta.url)),
  ],
  logger: new DefaultLogger('WARN'),
});
await writeFile(new URL('./workflow-bundle-code.js', import.meta.url), code);
