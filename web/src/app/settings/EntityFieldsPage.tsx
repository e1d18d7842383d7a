import { useParams } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Entity } from '@/api/types';
import { useEntity, useLabel, useMe } from '@/meta/context';
import { Button } from '@/ui/Button';
import { Icon } from '@/ui/Icon';
import { PageHead } from '@/ui/PageHead';
import { ScrollArea } from '@/ui/ScrollArea';
import { Lost } from '../places';
import { useTitle } from '../useTitle';
import { NewField } from './NewField';

/** The fields of one kind of records; an administrator adds to them. */
export function EntityFieldsPage() {
  const { module, thing } = useParams({ strict: false }) as Record<string, string | undefined>;
  const entity = useEntity(`${module}.${thing}`);
  const me = useMe();
  return entity && me.admin ? <Fields entity={entity} /> : <Lost />;
}

function Fields({ entity }: { entity: Entity }) {
  const { t, i18n } = useTranslation();
  const label = useLabel();
  const [making, setMaking] = useState(false);
  useTitle(entity.label);
  const typeName = (type: string) => (i18n.exists(`type.${type}`) ? t(`type.${type}`) : type);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <PageHead
        title={t('settings.customize.fields_of', { name: label(entity.label) })}
        icon={<Icon name={entity.icon} className="text-ink-3" />}
        back="/settings/customize"
      >
        <Button look="primary" onPress={() => setMaking(true)}>
          <Plus size={14} aria-hidden="true" />
          {t('settings.customize.new_field')}
        </Button>
      </PageHead>
      <ScrollArea label={t('settings.customize.fields')} className="flex-1">
        <table className="w-full border-collapse">
          <thead className="sticky top-0 bg-panel">
            <tr className="border-b border-line text-left text-meta text-ink-3">
              <th className="h-8 px-4 font-medium">{t('settings.customize.field')}</th>
              <th className="px-4 font-medium">{t('settings.customize.type')}</th>
              <th className="px-4 font-medium max-desk:hidden">{t('settings.customize.key')}</th>
            </tr>
          </thead>
          <tbody>
            {entity.fields
              .filter((field) => !field.system)
              .map((field) => (
                <tr key={field.key} className="h-9 border-b border-line">
                  <td className="px-4">
                    <span className="font-medium">{label(field.label)}</span>
                    {field.custom && (
                      <span className="ml-2 text-meta text-accent-ink">{t('settings.customize.custom')}</span>
                    )}
                    {field.required && (
                      <span className="ml-2 text-meta text-ink-3">{t('form.required')}</span>
                    )}
                  </td>
                  <td className="px-4 text-ink-2">{typeName(field.type)}</td>
                  <td className="px-4 font-mono text-meta text-ink-3 max-desk:hidden">{field.key}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </ScrollArea>
      {making && <NewField entity={entity} onClose={() => setMaking(false)} />}
    </div>
  );
}
