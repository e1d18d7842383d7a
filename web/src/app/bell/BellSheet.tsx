// The list behind the bell: what waits, newest first; done with, put off, or gone to.
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import {
  AlarmClock,
  AtSign,
  BanknoteX,
  Bell,
  Check,
  CheckCheck,
  CircleCheck,
  CircleX,
  Clock,
  Gauge,
  Inbox,
  SquareCheck,
  Stamp,
  Undo2,
} from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { agoText, instantText } from '@/lib/format';
import { useFormats } from '@/meta/context';
import { ProblemNotice } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { Button, buttonClass, IconButton } from '@/ui/Button';
import { Menu } from '@/ui/Menu';
import { Sheet } from '@/ui/Sheet';
import { Empty, WaitingLines } from '@/ui/states';
import {
  bellQuery,
  closeBell,
  entityName,
  isStanding,
  laterMoments,
  laterText,
  type Notice,
  placeOfNotice,
} from './notices';
import { useNoticeDeeds } from './useNoticeDeeds';
import { useNoticeText } from './useNoticeText';

const icons: Record<NonNullable<Notice['kind']>, typeof Bell> = {
  moment: AlarmClock,
  given: Inbox,
  mentioned: AtSign,
  finished: SquareCheck,
  returning: AlarmClock,
  returned: Undo2,
  overdue: BanknoteX,
  credit: Gauge,
  asked: Stamp,
  approved: CircleCheck,
  rejected: CircleX,
};

export default function BellSheet() {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useQuery(bellQuery);
  const deeds = useNoticeDeeds();
  const notices = data?.items ?? [];
  const more = (data?.count?.value ?? 0) - notices.length;
  const list = useRef<HTMLUListElement>(null);
  const foot = (
    <>
      <AllowWords />
      <Link to={paths.list(entityName)} className={buttonClass('quiet')} onClick={closeBell}>
        {t('bell.all')}
      </Link>
      {notices.length > 0 && (
        <Button onPress={() => deeds.mutate({ notices })}>
          <CheckCheck size={14} aria-hidden="true" />
          {t('bell.done_all')}
        </Button>
      )}
    </>
  );
  return (
    <Sheet title={t('bell.title')} isOpen onClose={closeBell} foot={foot}>
      {isPending && <WaitingLines lines={6} />}
      {error && !data && (
        <div className="p-4">
          <ProblemNotice error={error} retry={() => refetch()} />
        </div>
      )}
      {data && notices.length === 0 && (
        <Empty
          icon={<Bell size={18} aria-hidden="true" />}
          title={t('bell.empty')}
          text={t('bell.empty_text')}
        />
      )}
      <ul ref={list}>
        {notices.map((notice, at) => (
          <Item
            key={notice.id}
            notice={notice}
            deeds={deeds}
            // The keyboard goes on with the next, not back to the top of the page.
            onGone={() => focusAt(list.current, at)}
          />
        ))}
      </ul>
      {more > 0 && (
        <Link
          to={paths.list(entityName)}
          search={{ view: 'due' } as never}
          className={buttonClass('quiet', 'm-2')}
          onClick={closeBell}
        >
          {t('bell.more', { count: more })}
        </Link>
      )}
    </Sheet>
  );
}

/** After a notice went: the one that stands in its place, else the one before. */
function focusAt(list: HTMLUListElement | null, at: number) {
  requestAnimationFrame(() => {
    const items = list?.querySelectorAll<HTMLElement>(':scope > li') ?? [];
    (items[at] ?? items[items.length - 1])?.querySelector('button')?.focus();
  });
}

interface ItemProps {
  notice: Notice;
  deeds: ReturnType<typeof useNoticeDeeds>;
  onGone(): void;
}

function Item({ notice, deeds, onGone }: ItemProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const navigate = useNavigate();
  const text = useNoticeText()(notice);
  const place = placeOfNotice(notice);
  const Kind = icons[notice.kind ?? 'moment'] ?? Bell;
  function go() {
    if (!place) return;
    closeBell();
    if (!isStanding(notice)) deeds.mutate({ notices: [notice], isQuiet: true });
    const [to, search] = place.split('?');
    void navigate({ to, search: (search ? Object.fromEntries(new URLSearchParams(search)) : {}) as never });
  }
  const body = (
    <>
      <Kind size={16} strokeWidth={1.75} aria-hidden="true" className="mt-0.5 shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1 text-left">
        <span className="line-clamp-3 break-words">{text}</span>
        <span className="flex min-w-0 gap-1 text-meta text-ink-3" title={instantText(notice.at, formats)}>
          {notice.kind === 'moment' && notice.about?.label && notice.about.label !== text && (
            <>
              <span className="truncate">{notice.about.label}</span>
              <span aria-hidden="true">·</span>
            </>
          )}
          <span className="shrink-0">{agoText(notice.at, formats.locale) || t('timeline.just_now')}</span>
        </span>
      </span>
    </>
  );
  return (
    <li className="flex items-start gap-1 border-b border-line py-1 pr-2 last:border-b-0">
      {place ? (
        <button
          type="button"
          onClick={go}
          className="flex min-w-0 flex-1 items-start gap-2.5 rounded-sm py-2 pl-4 hover:bg-hover focus-visible:outline-offset-[-2px]"
        >
          {body}
        </button>
      ) : (
        <div className="flex min-w-0 flex-1 items-start gap-2.5 py-2 pl-4">{body}</div>
      )}
      <div className="flex shrink-0 pt-1">
        <Menu
          placement="bottom end"
          entries={laterMoments(formats.zone).map(({ id, at }) => ({
            id,
            name: t(`bell.later.${id}`),
            note: laterText(at, formats),
            onAction: () => {
              deeds.mutate({ notices: [notice], until: at });
              onGone();
            },
          }))}
        >
          <IconButton label={t('bell.snooze', { title: text })}>
            <Clock size={15} aria-hidden="true" />
          </IconButton>
        </Menu>
        <IconButton
          label={t('bell.done', { title: text })}
          onPress={() => {
            deeds.mutate({ notices: [notice] });
            onGone();
          }}
        >
          <Check size={15} aria-hidden="true" />
        </IconButton>
      </div>
    </li>
  );
}

/** Asks, once and only when pressed, whether the browser may say a word while the page is hidden. */
function AllowWords() {
  const { t } = useTranslation();
  const [permission, setPermission] = useState('Notification' in window ? Notification.permission : 'denied');
  if (permission !== 'default') return null;
  return (
    <Button
      look="quiet"
      className="mr-auto -ml-3 max-desk:hidden"
      onPress={async () => setPermission(await Notification.requestPermission())}
    >
      {t('bell.allow')}
    </Button>
  );
}
