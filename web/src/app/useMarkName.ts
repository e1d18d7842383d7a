import { useTranslation } from 'react-i18next';
import type { DeskMark } from '@/api/types';
import { useLabel, useMeta } from '@/meta/context';

/** What a star or a place seen is called: the record's name; of a view the entity and the view. */
export function useMarkName(): (mark: DeskMark) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities } = useMeta();
  return (mark) => {
    if (mark.record) return mark.name || t('field.untitled');
    const list = label(entities[mark.entity]?.plural);
    const view = mark.name || label(mark.label);
    return view ? t('desk.view_of', { list, view }) : list;
  };
}
