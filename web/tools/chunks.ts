// Into which files the page is cut. Left to itself the bundler makes a file of every
// set of modules that some places share: sixty for the first list, fetched by six
// connections one after the other, each with its price. So what is needed until a list
// stands is two files: what others wrote, which outlives our releases in the browser's
// cache, and the page.
import type { Rolldown } from 'vite';

export const chunks: Rolldown.CodeSplittingOptions = {
  groups: [
    { name: 'vendor', test: /node_modules|rolldown.runtime/, tags: ['$initial'], priority: 2 },
    { name: 'page', tags: ['$initial'], priority: 1 },
  ],
};
