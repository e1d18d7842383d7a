import { Braces } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/Button';
import { Menu } from '@/ui/Menu';
import { TextField } from '@/ui/TextField';
import type { Insertable } from './prints';

interface TemplateProps {
  label: string;
  value: string;
  onChange(value: string): void;
  offered: readonly Insertable[];
  error?: string;
  lines?: number;
}

/** A text with places for values; the button puts one at its end. */
export function Template({ label, value, onChange, offered, error, lines }: TemplateProps) {
  const { t } = useTranslation();
  return (
    <div className="flex items-end gap-1">
      <div className="min-w-0 flex-1">
        <TextField {...{ label, value, onChange, error, lines }} />
      </div>
      <Menu
        placement="bottom end"
        entries={offered.map(({ id, name }) => ({
          id,
          name,
          onAction: () => onChange(`${value}{${id}}`),
        }))}
      >
        <IconButton label={t('settings.prints.insert', { name: label })}>
          <Braces size={15} aria-hidden="true" />
        </IconButton>
      </Menu>
    </div>
  );
}
