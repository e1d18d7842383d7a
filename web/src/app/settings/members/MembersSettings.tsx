import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Plus, Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { get, post } from '@/api/client';
import type { Row } from '@/api/types';
import { instantText } from '@/lib/format';
import { useFormats, useMe } from '@/meta/context';
import { ProblemNotice, useProblemText } from '@/meta/ProblemNotice';
import { paths } from '@/meta/paths';
import { Button, buttonClass, IconButton } from '@/ui/Button';
import { Dot } from '@/ui/Dot';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { ScrollArea } from '@/ui/ScrollArea';
import { Select } from '@/ui/Select';
import { Checkbox } from '@/ui/Switch';
import { Empty, WaitingLines } from '@/ui/states';
import { TextField } from '@/ui/TextField';
import { toasts } from '@/ui/toasts';
import { faceQuery } from '../../session';
import { refOf, refsOf, textOf, useRows } from '../rows';
import { type Access, memberState, stateColor, states } from './access';
import { LinksDialog, type MadeLink } from './LinksDialog';
import { MemberDialog } from './MemberDialog';

const fields = 'name,login,department,position,superior,roles,admin,disabled,email,phone';

/** Who works here, who can come in, and what each may do. */
export function MembersSettings() {
  const { t } = useTranslation();
  const me = useMe();
  const members = useRows('org.member', fields, 'name');
  const access = useQuery({
    queryKey: ['members', 'access'],
    queryFn: ({ signal }) => get<{ items: Access[] }>('members/access', {}, signal),
  });
  const [typed, setTyped] = useState('');
  const [state, setState] = useState<string | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [edited, setEdited] = useState<Row | 'new' | null>(null);
  const [links, setLinks] = useState<MadeLink[] | null>(null);
  const { run, busy } = useMemberWork(setLinks);
  const { data: face } = useQuery(faceQuery);
  const mails = face?.mail === true;
  if (members.isError || access.isError)
    return (
      <ProblemNotice
        error={members.error ?? access.error}
        retry={() => Promise.all([members.refetch(), access.refetch()])}
      />
    );
  if (!members.data || !access.data) return <WaitingLines lines={8} />;
  const ways = new Map(access.data.items.map((one) => [one.id, one]));
  const words = typed.trim().toLowerCase();
  const shown = members.data.filter(
    (row) =>
      (state === null || memberState(row, ways.get(row.id)) === state) &&
      [row.name, row.login, refOf(row.department)?.label, row.email, row.phone]
        .map((part) => String(part ?? '').toLowerCase())
        .some((part) => part.includes(words)),
  );
  // Who chooses all means his colleagues: a link for himself would reset his own password.
  const others = shown.filter((row) => row.id !== me.id);
  const picked = members.data.filter((row) => chosen.has(row.id));
  const choose = (id: string, on: boolean) =>
    setChosen((old) => {
      const next = new Set(old);
      if (on) next.add(id);
      else next.delete(id);
      return next;
    });
  return (
    <>
      <p className="text-ink-2">{t('settings.members.text')}</p>
      <div className="-mt-4 flex flex-wrap items-end gap-2">
        <div className="w-56 max-desk:w-full">
          <TextField
            label={t('settings.members.search')}
            placeholder={t('settings.members.search')}
            hideLabel
            type="search"
            value={typed}
            onChange={setTyped}
          />
        </div>
        <div className="w-36 max-desk:flex-1">
          <Select
            label={t('settings.members.state')}
            hideLabel
            placeholder={t('settings.members.all_states')}
            items={states.map((id) => ({
              id,
              name: t(`settings.members.state_${id}`),
              mark: <Dot color={stateColor[id]} />,
            }))}
            value={state}
            onChange={setState}
            canClear
          />
        </div>
        <div className="ml-auto flex gap-2 max-desk:ml-0 max-desk:[&>a]:px-2.5">
          <Link to={paths.import('org.member')} className={buttonClass()}>
            <Upload size={14} aria-hidden="true" />
            <span className="max-desk:sr-only">{t('settings.members.import')}</span>
          </Link>
          <Button look="primary" onPress={() => setEdited('new')}>
            <Plus size={14} aria-hidden="true" />
            {t('settings.members.new')}
          </Button>
        </div>
      </div>
      {picked.length > 0 && (
        <div className="-mt-4 flex flex-wrap items-center gap-2 rounded-md border border-line bg-sunken px-3 py-2">
          <span className="mr-1 font-medium">{t('settings.members.chosen', { count: picked.length })}</span>
          {mails && (
            <Button isDisabled={busy} onPress={() => run('mail', picked)}>
              {t('settings.members.mail_links')}
            </Button>
          )}
          <Button isDisabled={busy} onPress={() => run('link', picked)}>
            {t('settings.members.make_links')}
          </Button>
          <Button isDisabled={busy} onPress={() => run('enable', picked)}>
            {t('settings.members.enable')}
          </Button>
          <Button isDisabled={busy} onPress={() => run('disable', picked)}>
            {t('settings.members.disable')}
          </Button>
          <Button look="quiet" onPress={() => setChosen(new Set())}>
            {t('settings.members.unchoose')}
          </Button>
        </div>
      )}
      {shown.length === 0 ? (
        <Empty title={t('settings.members.none')} text={t('settings.members.none_text')} />
      ) : (
        <ScrollArea
          label={t('settings.members.title')}
          className="-mt-4 overflow-x-auto rounded-md border border-line"
        >
          <table className="w-full border-collapse">
            <thead>
              <tr className="border-b border-line text-left text-meta whitespace-nowrap text-ink-3">
                <th className="h-8 w-8 pl-3">
                  <Checkbox
                    label={t('settings.members.choose_all')}
                    hideLabel
                    isSelected={others.length > 0 && others.every((row) => chosen.has(row.id))}
                    onChange={(on) => setChosen(new Set(on ? others.map((row) => row.id) : []))}
                  />
                </th>
                <th className="px-3 max-desk:px-2 font-medium">{t('settings.members.member')}</th>
                <th className="px-3 max-desk:px-2 font-medium max-desk:hidden">
                  {t('settings.members.department')}
                </th>
                <th className="px-3 max-desk:px-2 font-medium">{t('settings.members.roles')}</th>
                <th className="px-3 max-desk:px-2 font-medium">{t('settings.members.state')}</th>
                <th className="px-3 max-desk:px-2 font-medium max-desk:hidden">
                  {t('settings.members.seen')}
                </th>
                <th className="w-10">
                  <span className="sr-only">{t('action.more')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <MemberLine
                  key={row.id}
                  row={row}
                  way={ways.get(row.id)}
                  mails={mails}
                  isChosen={chosen.has(row.id)}
                  onChoose={(on) => choose(row.id, on)}
                  onEdit={() => setEdited(row)}
                  onWork={(work) => run(work, [row])}
                />
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
      {edited !== null && (
        <MemberDialog
          member={edited === 'new' ? null : edited}
          onClose={() => setEdited(null)}
          onMade={(made) => run(mails && textOf(made.email) !== '' ? 'mail' : 'link', [made])}
        />
      )}
      {links && <LinksDialog links={links} onClose={() => setLinks(null)} />}
    </>
  );
}

interface LineProps {
  row: Row;
  way?: Access;
  /** Links can be sent by mail. */
  mails: boolean;
  isChosen: boolean;
  onChoose(on: boolean): void;
  onEdit(): void;
  onWork(work: Work): void;
}

function MemberLine({ row, way, mails, isChosen, onChoose, onEdit, onWork }: LineProps) {
  const { t } = useTranslation();
  const formats = useFormats();
  const me = useMe();
  const state = memberState(row, way);
  const name = textOf(row.name);
  const roles = refsOf(row.roles).map((role) => role.label);
  const entries: MenuEntry[] = [{ id: 'edit', name: t('action.edit'), onAction: onEdit }];
  if (state !== 'disabled') {
    if (mails && textOf(row.email) !== '')
      entries.push({
        id: 'mail',
        name: t(state === 'active' ? 'settings.members.mail_reset' : 'settings.members.mail_invite'),
        onAction: () => onWork('mail'),
      });
    entries.push({
      id: 'link',
      name: t(state === 'active' ? 'settings.members.reset' : 'settings.members.invite'),
      onAction: () => onWork('link'),
    });
    if (row.id !== me.id && state !== 'no_login')
      entries.push({
        id: 'disable',
        name: t('settings.members.disable'),
        danger: true,
        divided: true,
        onAction: () => onWork('disable'),
      });
  } else {
    entries.push({ id: 'enable', name: t('settings.members.enable'), onAction: () => onWork('enable') });
  }
  return (
    <tr className="border-b border-line last:border-b-0 hover:bg-hover">
      <td className="h-12 pl-3">
        <Checkbox
          label={t('settings.members.choose', { name })}
          hideLabel
          isSelected={isChosen}
          onChange={onChoose}
        />
      </td>
      <td className="px-3 max-desk:px-2">
        <Link to={paths.record('org.member', row.id)} className="font-medium hover:underline">
          {name}
        </Link>
        <p className="text-meta text-ink-3">{textOf(row.login)}</p>
        <p className="text-meta text-ink-3 desk:hidden">{refOf(row.department)?.label}</p>
      </td>
      <td className="px-3 max-desk:px-2 text-ink-2 max-desk:hidden">
        {refOf(row.department)?.label}
        <p className="text-meta text-ink-3">{refOf(row.position)?.label}</p>
      </td>
      <td className="px-3 max-desk:px-2">
        {row.admin === true && <p className="text-accent-ink">{t('settings.members.admin')}</p>}
        {roles.length > 0 ? (
          <p className="text-ink-2">{roles.join(t('list.separator'))}</p>
        ) : (
          row.admin !== true && <p className="text-warn">{t('settings.members.no_role')}</p>
        )}
      </td>
      <td className="px-3 max-desk:px-2 whitespace-nowrap">
        <span className="flex items-center gap-2">
          <Dot color={stateColor[state]} />
          {t(`settings.members.state_${state}`)}
        </span>
        {state === 'invited' && way?.link_expires_at && (
          <p className="pl-4 text-meta text-ink-3">
            {t('settings.members.until', { at: instantText(way.link_expires_at, formats) })}
          </p>
        )}
      </td>
      <td className="px-3 max-desk:px-2 whitespace-nowrap text-ink-3 max-desk:hidden">
        {way?.last_seen_at ? instantText(way.last_seen_at, formats) : t('settings.members.never')}
      </td>
      <td className="pr-2">
        <Menu entries={entries}>
          <IconButton label={t('settings.members.more', { name })}>
            <Ellipsis size={16} aria-hidden="true" />
          </IconButton>
        </Menu>
      </td>
    </tr>
  );
}

/** A member of an imported list has no login yet: the server gives him one. */
async function withLogin(row: Row): Promise<string> {
  await post(`records/org.member/${row.id}/actions/give_login`, { version: row.version });
  const { login } = await get<Row>(`records/org.member/${row.id}`, { fields: 'login' });
  return textOf(login);
}

type Work = 'link' | 'mail' | 'enable' | 'disable';

/** Does one thing for several members, one after the other, and says how it went. */
function useMemberWork(onLinks: (links: MadeLink[]) => void) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const problem = useProblemText();
  const [busy, setBusy] = useState(false);

  async function run(work: Work, rows: Row[]) {
    setBusy(true);
    const made: MadeLink[] = [];
    let done = 0;
    for (const chosen of rows) {
      const row = { ...chosen };
      try {
        if (work === 'link' || work === 'mail') row.login ||= await withLogin(row);
        if (work === 'link') {
          const { token, expires_at } = await post<{ token: string; expires_at: string }>(
            `members/${row.id}/link`,
          );
          made.push({
            name: textOf(row.name),
            login: textOf(row.login),
            url: `${window.location.origin}/join#${token}`,
            until: expires_at,
          });
        } else if (work === 'mail') {
          await post(`members/${row.id}/mail`);
        } else {
          await post(`records/org.member/${row.id}/actions/${work}`, { version: row.version });
        }
        done += 1;
      } catch (error) {
        toasts.warn(t('settings.members.failed', { name: textOf(row.name), why: problem(error) }));
      }
    }
    await Promise.all([
      client.invalidateQueries({ queryKey: ['records', 'org.member'] }),
      client.invalidateQueries({ queryKey: ['members', 'access'] }),
    ]);
    setBusy(false);
    if (made.length > 0) onLinks(made);
    if (work === 'link' || done === 0) return;
    toasts.say(t(`settings.members.${work}d`, { count: done }));
  }
  return { run, busy };
}
