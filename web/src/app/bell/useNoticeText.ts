import { useTranslation } from 'react-i18next';
import { useLabel, useMeta } from '@/meta/context';
import { refText } from '@/meta/fields/reference';
import type { Notice } from './notices';

/** What a notice says, in one sentence. */
export function useNoticeText(): (notice: Notice) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  return ({ kind, title, sender, count, of, about }) => {
    const entity = entities[of ?? about?.type ?? ''];
    const name = label(entity?.label);
    const who = sender ? refText(sender, { t: t as never }) : t('timeline.system');
    switch (kind) {
      case 'given':
        return t((count ?? 0) > 1 ? 'bell.given_many' : 'bell.given', {
          who,
          title,
          count: count ?? 1,
          entity: (count ?? 0) > 1 ? label(entity?.plural) : name,
        });
      case 'mentioned':
        return t('bell.mentioned', { who, title, entity: about ? refText(about, { t: t as never }) : name });
      case 'finished':
        return t('bell.finished', { who, title });
      case 'returning':
      case 'returned':
        return t((count ?? 0) > 1 ? `bell.${kind}_many` : `bell.${kind}`, {
          title,
          count: count ?? 1,
          entity: (count ?? 0) > 1 ? label(entity?.plural) : name,
        });
      case 'asked':
      case 'approved':
      case 'rejected':
        return t(`bell.${kind}`, { who, title, entity: name });
      case 'overdue':
      case 'credit':
        return t(`bell.${kind}`, { title });
      default:
        return title;
    }
  };
}
