import { Link } from '@tanstack/react-router';
import { ChevronDown, Mail, PenLine, Phone } from 'lucide-react';
import { Button as KitButton } from 'react-aria-components';
import { useTranslation } from 'react-i18next';
import type { Entity, Field, Row } from '@/api/types';
import { Avatar } from '@/ui/Avatar';
import { buttonClass } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Dot } from '@/ui/Dot';
import { Menu } from '@/ui/Menu';
import { type Contexts, may, useMeta } from '../context';
import { canEdit, isEmpty, isFigure, valueText } from '../fields';
import { codes, offered, optionOf } from '../fields/choice';
import { refs, refText } from '../fields/reference';
import { isSealed } from '../sealed';
import { logMark, logsOf, ownerField, reachOf, stageField, statusField, worthField } from './roles';
import type { Saving } from './useSaving';

interface SummaryProps {
  entity: Entity;
  row: Row;
  contexts: Contexts;
  saving: Saving;
}

/** What one wants to know of a record first, under its name: how it stands, what it is worth, whose it is, how to reach it. */
export function RecordSummary({ entity, row, contexts, saving }: SummaryProps) {
  const { t } = useTranslation();
  const owner = ownerField(entity);
  const who = owner && refs(row[owner.key])[0];
  const { phone, email } = reachOf(entity, row);
  const { entities } = useMeta();
  const log = logsOf(entities, entity).find((one) => may(one.entity, 'create') && !isSealed(entity, row));
  return (
    <div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Status {...{ entity, row, contexts, saving }} />
        {[stageField(entity), worthField(entity)].map(
          (field) => field && <Told key={field.key} {...{ field, row, contexts }} />,
        )}
        {who && (
          <span className="inline-flex items-center gap-1.5 text-ink-2">
            <Avatar name={refText(who, contexts)} size={20} />
            {refText(who, contexts)}
          </span>
        )}
      </div>
      {(phone || email || log) && (
        <div className={cx('mt-3 flex flex-wrap gap-2', !phone && !email && 'desk:hidden')}>
          {phone && (
            <a href={`tel:${phone.replace(/[^\d+]/g, '')}`} className={buttonClass('plain')}>
              <Phone size={14} aria-hidden="true" />
              {t('record.call')}
            </a>
          )}
          {email && (
            <a href={`mailto:${email}`} className={buttonClass('plain')}>
              <Mail size={14} aria-hidden="true" />
              {t('record.mail')}
            </a>
          )}
          {/* On a desk the timeline with its place to write stands beside. */}
          {log && (
            <Link
              to="."
              search={{ tab: 'timeline' } as never}
              hash={logMark}
              className={cx(buttonClass('plain'), 'desk:hidden')}
            >
              <PenLine size={14} aria-hidden="true" />
              {t('record.log', { name: contexts.label(log.entity.label) })}
            </Link>
          )}
        </div>
      )}
    </div>
  );
}

/** A value without its name beside it; what is read out has it. */
function Told({ field, row, contexts }: { field: Field; row: Row; contexts: Contexts }) {
  if (isEmpty(row[field.key])) return null;
  return (
    <span className={cx(isFigure(field) && 'figures font-medium')}>
      <span className="sr-only">{contexts.label(field.label)} </span>
      {valueText(row[field.key], { ...contexts, field, row })}
    </span>
  );
}

/** How the record stands; where it may be set by hand, a menu of what else it may be. */
function Status({ entity, row, contexts, saving }: SummaryProps) {
  const { t } = useTranslation();
  const field = statusField(entity);
  const code = field && codes(row[field.key])[0];
  if (!field || isEmpty(row[field.key]) || !code) return null;
  const option = optionOf(field, code);
  const word = (
    <>
      <Dot color={option?.color} />
      {option ? contexts.label(option.label) : code}
    </>
  );
  if (!may(entity, 'update') || !canEdit(field) || isSealed(entity, row)) {
    return <span className="inline-flex items-center gap-1.5">{word}</span>;
  }
  const entries = offered(field, [code]).map((one) => ({
    id: one.code,
    name: contexts.label(one.label) || one.code,
    icon: <Dot color={one.color} />,
    onAction: () => void saving.change(field, row[field.key], one.code),
  }));
  return (
    <Menu entries={entries}>
      <KitButton
        aria-label={t('record.set_status', {
          name: contexts.label(field.label),
          value: option ? contexts.label(option.label) : code,
        })}
        className="-ml-1.5 inline-flex h-7 items-center gap-1.5 rounded-sm px-1.5 hovered:bg-hover pressed:bg-pressed pointer-coarse:h-9"
      >
        {word}
        <ChevronDown size={12} aria-hidden="true" className="text-ink-3" />
      </KitButton>
    </Menu>
  );
}
