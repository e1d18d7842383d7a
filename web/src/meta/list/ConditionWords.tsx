// A stored condition read out in words. Fetched when a record shows one.
import type { Entity } from '@/api/types';
import { parseFilter } from '@/lib/filter';
import { fieldsOf, useContexts, useEntity } from '../context';
import { useRegionName } from '../data';
import { filterWords, namedIn } from './filters';
import { useRefLabels } from './useRefLabels';

interface ConditionProps {
  /** The entity that is asked, by name. */
  entity: string;
  text: string;
}

export default function ConditionWords({ entity: name, text }: ConditionProps) {
  const entity = useEntity(name);
  return entity ? <Words entity={entity} text={text} /> : text;
}

function Words({ entity, text }: { entity: Entity; text: string }) {
  const contexts = useContexts(useRegionName(true));
  const fields = fieldsOf(entity);
  const filter = parseFilter(text);
  const refLabel = useRefLabels(filter ? namedIn(filter, fields) : []);
  return <span>{filter ? filterWords(filter, { contexts, fields, refLabel }) : text}</span>;
}
