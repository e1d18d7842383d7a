import { Star } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { type Place, useStar } from './desk';

/** Keeps a record or a view among the stars of the navigation. */
export function StarButton({ place, name }: { place: Place; name: string }) {
  const { t } = useTranslation();
  const [isStarred, change] = useStar(place, name);
  return (
    <IconButton label={t(isStarred ? 'desk.unstar' : 'desk.star')} onPress={change}>
      <Star
        size={15}
        aria-hidden="true"
        className={cx(isStarred && 'fill-(--dot-yellow) text-(--dot-yellow)')}
      />
    </IconButton>
  );
}
