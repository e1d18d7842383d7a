import { useTranslation } from 'react-i18next';
import type { Entity, Row } from '@/api/types';
import { fieldsOf, useContexts } from '../context';
import { useRegionName } from '../data';
import { valueText } from '../fields';

/** How values of a record are written, and what it is called. */
export function useTitleOf(entity: Entity, row: Row) {
  const { t } = useTranslation();
  const hasRegion = entity.fields.some((field) => field.type === 'region' && row[field.key]);
  const contexts = useContexts(useRegionName(hasRegion));
  const field = fieldsOf(entity).get(entity.title);
  const title = field && valueText(row[entity.title], { ...contexts, field, row });
  return { contexts, title: title || t('field.untitled') };
}
