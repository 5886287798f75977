/** Style sheets are loaded for their effect; Vite puts them into the page. */
declare module '*.css';

// Ant Design's package is marked CommonJS, so that TypeScript takes its ES modules for CommonJS too.
declare module 'antd/es/locale/vi_VN.js' {
  import type { Locale } from 'antd/es/locale/index.js';
  const locale: Locale;
  export default locale;
}
declare module 'antd/es/locale/en_US.js' {
  import type { Locale } from 'antd/es/locale/index.js';
  const locale: Locale;
  export default locale;
}
