import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import { instantText } from '@/lib/format';
import { useFormats } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { Button } from '@/ui/Button';
import { Dot } from '@/ui/Dot';
import { WaitingLines } from '@/ui/states';
import { wholeText } from '@/ui/tip';
import { Section } from '../Section';
import { useSaving } from '../useSaving';

interface Letter {
  id: string;
  to: string;
  subject: string;
  state: 'queued' | 'running' | 'done' | 'failed' | 'dead' | 'cancelled';
  tries: number;
  problem: string;
  created_at: string;
  next_at?: string;
  finished_at?: string;
}

const color = {
  queued: 'blue',
  running: 'blue',
  done: 'green',
  failed: 'red',
  dead: 'red',
  cancelled: 'gray',
} as const;

const page = 20;

/** The mail of the last weeks: on its way, gone, stuck. */
export function Letters() {
  const { t } = useTranslation();
  const letters = useInfiniteQuery({
    queryKey: ['letters'],
    queryFn: ({ pageParam, signal }) =>
      get<{ items: Letter[] }>('settings/mail/letters', { limit: page, cursor: pageParam }, signal),
    initialPageParam: '',
    getNextPageParam: (last) => (last.items.length === page ? last.items.at(-1)?.id : undefined),
    refetchInterval: (query) =>
      query.state.data?.pages[0]?.items.some(({ state }) => state === 'queued' || state === 'running')
        ? 3000
        : false,
  });
  const rows = letters.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={t('settings.mail.letters')} text={t('settings.mail.letters_text')}>
      {letters.isError && <ProblemNotice error={letters.error} retry={() => letters.refetch()} />}
      {letters.isPending && <WaitingLines lines={3} />}
      {letters.data && rows.length === 0 && <p className="text-ink-3">{t('settings.mail.letters_none')}</p>}
      {rows.length > 0 && (
        <ul className="divide-y divide-line rounded-md border border-line">
          {rows.map((letter) => (
            <LetterLine key={letter.id} letter={letter} />
          ))}
        </ul>
      )}
      {letters.hasNextPage && (
        <Button className="self-start" onPress={() => letters.fetchNextPage()}>
          {t('settings.mail.letters_more')}
        </Button>
      )}
    </Section>
  );
}

function LetterLine({ letter }: { letter: Letter }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const client = useQueryClient();
  const again = useSaving();
  const { id, to, subject, state, problem, next_at, finished_at, created_at } = letter;
  const isStuck = state === 'failed' || state === 'dead' || state === 'cancelled';
  return (
    <li className="flex flex-wrap items-start gap-x-3 px-3 py-2">
      <div className="min-w-56 flex-1">
        <p className="truncate font-medium" {...wholeText}>
          {subject}
        </p>
        <p className="text-meta break-words text-ink-3">
          {t('settings.mail.letter_to', { to })} · {instantText(finished_at ?? created_at, formats)}
        </p>
        {problem !== '' && <p className="text-meta break-words text-ink-2">{problem}</p>}
        {next_at && (
          <p className="text-meta text-ink-3">
            {t('settings.mail.next', { at: instantText(next_at, formats) })}
          </p>
        )}
        {again.failed !== null && <ProblemNotice error={again.failed} />}
      </div>
      <span className="flex h-8 items-center gap-2 whitespace-nowrap">
        <Dot color={color[state]} />
        {t(`settings.mail.state_${state}`)}
      </span>
      {isStuck && (
        <Button
          isDisabled={again.busy}
          onPress={() =>
            again.save(async () => {
              await post(`settings/mail/letters/${id}/retry`);
              await client.invalidateQueries({ queryKey: ['letters'] });
            }, t('settings.mail.retried'))
          }
        >
          <RotateCw size={14} aria-hidden="true" />
          {t('settings.mail.retry')}
        </Button>
      )}
    </li>
  );
}
