export { type Block, type Look, plain, type Run, safeHref, type Tag, write } from './blocks';
export { clean, isMarkup, ofText, read } from './read';
