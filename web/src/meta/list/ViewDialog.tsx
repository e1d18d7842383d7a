// Names a view and says who sees it. Fetched when first opened.
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Problem } from '@/api/client';
import type { Ref } from '@/api/types';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { RadioChoice } from '@/ui/Groups';
import { Checkbox } from '@/ui/Switch';
import { TextField } from '@/ui/TextField';
import { RefField } from '../fields/reference/RefField';
import { ProblemNotice } from '../ProblemNotice';
import { targetOf } from './targets';
import { useRefLabels } from './useRefLabels';
import type { ViewDeeds } from './useViewDeeds';

const roleField = { key: 'role', type: 'reference', settings: { target: 'org.role' } } as never;

export default function ViewDialog(props: ViewDeeds & { isNew: boolean }) {
  const { view, isNew, mayShare, isAdmin, keepAs, ask } = props;
  const { t } = useTranslation();
  const old = isNew ? undefined : view?.saved;
  const [name, setName] = useState(old?.name ?? '');
  const [shared, setShared] = useState(old?.shared ?? false);
  const [first, setFirst] = useState(old?.first ?? false);
  const [roles, setRoles] = useState<string[]>(old?.first_for ?? []);
  const [failed, setFailed] = useState<unknown>(null);
  const [isSaving, setSaving] = useState(false);
  const label = useRefLabels(roles.map((id) => ({ field: roleField, id })));
  const close = () => ask(null);
  const nameError =
    failed instanceof Problem && failed.body.errors?.find((one) => one.field === 'name')?.message;

  async function save() {
    if (name.trim() === '' || isSaving) return;
    setSaving(true);
    try {
      const mayFirst = !shared || isAdmin;
      await keepAs(
        {
          name: name.trim(),
          shared,
          first: mayFirst ? first : (old?.first ?? false),
          first_for: shared ? roles : [],
        },
        isNew,
      );
      close();
    } catch (error) {
      setFailed(error);
    } finally {
      setSaving(false);
    }
  }
  const foot = (
    <>
      <Button onPress={close}>{t('action.cancel')}</Button>
      <Button type="submit" form="view-form" look="primary" isDisabled={name.trim() === '' || isSaving}>
        {t('action.save')}
      </Button>
    </>
  );
  return (
    <Dialog title={t(isNew ? 'view.keep_as' : 'view.edit')} isOpen onClose={close} foot={foot}>
      <form
        id="view-form"
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void save();
        }}
      >
        {failed !== null && !nameError && <ProblemNotice error={failed} />}
        <TextField
          label={t('view.name')}
          value={name}
          onChange={setName}
          maxLength={60}
          isRequired
          autoFocus
          error={nameError || undefined}
        />
        <RadioChoice
          label={t('view.who')}
          items={[
            { id: 'private', name: t('view.private'), note: t('view.private_note') },
            {
              id: 'shared',
              name: t('view.shared'),
              note: t(mayShare ? 'view.shared_note' : 'view.share_not'),
              isDisabled: !mayShare,
            },
          ]}
          value={shared ? 'shared' : 'private'}
          onChange={(value) => setShared(value === 'shared')}
        />
        {(!shared || isAdmin) && (
          <Checkbox
            label={t(shared ? 'view.first_all' : 'view.first_own')}
            isSelected={first}
            onChange={setFirst}
          />
        )}
        {shared && isAdmin && (
          <RefField
            label={t('view.first_for')}
            help={t('view.first_for_note')}
            target={targetOf(roleField) ?? ''}
            many
            value={roles.map((id): Ref => ({ id, label: label(id) }))}
            onChange={(refs) => setRoles(refs.flatMap((ref) => ref.id ?? []))}
          />
        )}
      </form>
    </Dialog>
  );
}
