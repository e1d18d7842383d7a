import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { records } from '@/meta/data';
import { useProblemText } from '@/meta/ProblemNotice';
import { toasts } from '@/ui/toasts';
import { bellQuery, entityName, type Notice } from './notices';

interface Deed {
  notices: Notice[];
  /** Put off until then, in milliseconds; without it they are done with. */
  until?: number;
}

/** Takes notices off the bell: it shows at once and comes back when the server refuses. */
export function useNoticeDeeds() {
  const client = useQueryClient();
  const problem = useProblemText();
  return useMutation({
    mutationFn: async ({ notices, until }: Deed) => {
      const input = until === undefined ? {} : { until: new Date(until).toISOString() };
      for (const one of notices)
        await records.act(
          entityName,
          one.id,
          until === undefined ? 'seen' : 'snooze',
          input,
          Number(one.version),
        );
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
