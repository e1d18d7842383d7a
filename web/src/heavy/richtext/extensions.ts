import type { Extensions } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import { safeHref } from '@/lib/richtext';

/** Just what lib/richtext keeps; addresses are judged by the same rule. */
export const extensions: Extensions = [
  StarterKit.configure({
    heading: { levels: [2, 3] },
    code: false,
    codeBlock: false,
    trailingNode: false,
    link: {
      openOnClick: false,
      autolink: true,
      linkOnPaste: false,
      defaultProtocol: 'https',
      isAllowedUri: (url) => safeHref(url) !== '' || /^[\w-]+(\.[\w-]+)+/.test(url),
      HTMLAttributes: { rel: 'noopener noreferrer nofollow', target: '_blank' },
    },
  }),
];
