import { useTranslation } from 'react-i18next';
import { fieldsOf, useLabel, useMeta } from '@/meta/context';
import { moduleOf } from './rights';

/** The parts of a role's rights in words. */
export function useRightWords() {
  const { t } = useTranslation();
  const label = useLabel();
  const { entities, menu } = useMeta();
  const asked = entities['org.grant'] ? fieldsOf(entities['org.grant']) : new Map();
  const option = (field: string, code: string) => {
    const found = asked.get(field)?.settings.options?.find((one: { code: string }) => one.code === code);
    return found ? label(found.label) : code;
  };
  const whose = (entity: string) =>
    entity === '*'
      ? t('settings.collision.everything')
      : entity.endsWith('.*')
        ? label(menu.find((group) => group.module === moduleOf(entity))?.label) || entity
        : label(entities[entity]?.label) || entity;
  return {
    nameOf: (key: string) => {
      const [kind, entity = '', what = ''] = key.split(' ');
      const field = entities[entity]?.fields.find((one) => one.key === what);
      return `${whose(entity)} · ${kind === 'field' ? label(field?.label) || what : option('operation', what)}`;
    },
    textOf: (key: string, value: unknown) => {
      if (value === undefined) return '';
      if (key.startsWith('field '))
        return t(`settings.roles.level_${value}`, { defaultValue: String(value) });
      const [scope = '', , deny] = String(value).split(' ');
      return deny === 'true' ? t('settings.roles.forbidden') : option('scope', scope);
    },
  };
}
