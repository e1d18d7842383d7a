import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { patch } from '@/api/client';
import type { Me } from '@/api/types';
import { type Look, whenChosen } from '@/lib/shell';
import { useProblemText } from '@/meta/ProblemNotice';
import { toasts } from '@/ui/toasts';
import { sessionQuery } from './session';

/** Keeps with the member what he chooses about the look of the page. */
export function useKeepLook() {
  const client = useQueryClient();
  const problem = useProblemText();
  useEffect(() => {
    whenChosen(async (look: Look) => {
      try {
        const kept = await patch<Me['look']>('me/look', look);
        client.setQueryData<Me | null>(sessionQuery.queryKey, (old) => old && { ...old, look: kept });
      } catch (error) {
        toasts.warn(problem(error));
      }
    });
    return () => whenChosen(() => {});
  }, [client, problem]);
}
