import { useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';

/** How the given labels are typed in pinyin, by label; asked for once, and only for what holds hanzi. */
export function useSpellings(labels: string[]): ReadonlyMap<string, string> {
  const texts = [...new Set(labels.filter((label) => /\p{Script=Han}/u.test(label)))].sort();
  const { data } = useQuery({
    queryKey: ['spelling', texts],
    queryFn: async () => {
      const { items } = await post<{ items: string[] }>('meta/spelling', { texts });
      return new Map(texts.map((text, i) => [text, items[i] ?? '']));
    },
    enabled: texts.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (old) => old,
  });
  return data ?? none;
}

const none: ReadonlyMap<string, string> = new Map();
