// What went wrong with cells that were changed in place, until they are changed
// again. Kept apart from the rows, which the server answers anew meanwhile.
import { create } from 'zustand';

type Errors = Record<string, Record<string, string>>;

const useErrors = create<{ errors: Errors }>(() => ({ errors: {} }));

export const useCellErrors = () => useErrors((state) => state.errors);

/** Notes an error at a record's field, or takes it away. */
export function setCellError(id: string, key: string, message: string | null) {
  useErrors.setState(({ errors }) => {
    const { [key]: _, ...others } = errors[id] ?? {};
    return { errors: { ...errors, [id]: message === null ? others : { ...others, [key]: message } } };
  });
}
