import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Problem, post } from '@/api/client';
import { useFormats } from '@/meta/context';
import { records } from '@/meta/data';
import { useProblemText } from '@/meta/ProblemNotice';
import { toasts } from '@/ui/toasts';
import { bellQuery, entityName, laterText, type Notice } from './notices';

interface Deed {
  notices: Notice[];
  /** Put off until then, in milliseconds; without it they are done with. */
  until?: number;
  /** Nothing is said: one went to what it is about. */
  isQuiet?: boolean;
}

/** Takes notices off the bell: it shows at once and comes back when the server refuses. */
export function useNoticeDeeds() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const formats = useFormats();
  async function back(made: string[]) {
    try {
      for (const changeset of made) await post(`changesets/${changeset}/undo`, {});
    } catch (error) {
      toasts.warn(problem(error));
    }
    await client.invalidateQueries({ queryKey: ['records', entityName] });
  }
  return useMutation({
    mutationFn: async ({ notices, until }: Deed) => {
      const input = until === undefined ? {} : { until: new Date(until).toISOString() };
      const made: string[] = [];
      for (const one of notices) {
        const deed = until === undefined ? 'seen' : 'snooze';
        try {
          const row = await records.act(entityName, one.id, deed, input, Number(one.version));
          if (typeof row.changeset === 'string') made.push(row.changeset);
        } catch (error) {
          // Done with meanwhile, in another window or because its plan was: the others go on.
          if (!(error instanceof Problem && [404, 409, 412, 422].includes(error.status))) throw error;
        }
      }
      return made;
    },
    onSuccess: (made, { until, isQuiet }) => {
      if (made.length === 0 || isQuiet) return;
      const said =
        until === undefined
          ? t('bell.taken', { count: made.length })
          : t('bell.put_off', { at: laterText(until, formats) });
      toasts.say(said, () => void back(made));
    },
    onMutate: ({ notices }) => take(client, notices),
    onError: (error) => toasts.warn(problem(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['records', entityName] }),
  });
}

function take(client: QueryClient, notices: Notice[]) {
  const gone = new Set(notices.map(({ id }) => id));
  client.setQueryData(bellQuery.queryKey, (old) => {
    if (!old) return old;
    const items = old.items.filter(({ id }) => !gone.has(id));
    const value = Math.max(0, (old.count?.value ?? 0) - (old.items.length - items.length));
    return { ...old, items, count: { exact: true, ...old.count, value } };
  });
}
