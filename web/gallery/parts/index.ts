import type { ComponentType } from 'react';
import { Buttons } from './buttons';
import { Choices } from './choices';
import { CalendarOpen, Dates, RangeOpen } from './dates';
import { Fields } from './fields';
import { Marks } from './marks';
import { Navigation } from './navigation';
import { ConfirmOpen, DialogOpen, MenuOpen, SheetOpen, TipShown, ToastShown } from './overlays';
import { States } from './states';
import { Tables } from './tables';
import { Texts } from './texts';
import { Writing } from './writing';

/** Every picture that is held, by name. */
export const parts: Record<string, ComponentType> = {
  buttons: Buttons,
  texts: Texts,
  choices: Choices,
  fields: Fields,
  writing: Writing,
  dates: Dates,
  calendar: CalendarOpen,
  span: RangeOpen,
  marks: Marks,
  navigation: Navigation,
  tables: Tables,
  states: States,
  menu: MenuOpen,
  dialog: DialogOpen,
  confirm: ConfirmOpen,
  sheet: SheetOpen,
  tip: TipShown,
  toast: ToastShown,
};

/** The parts that show what floats over the page; their pictures are of the window. */
export const floating = new Set(['menu', 'dialog', 'confirm', 'sheet', 'tip', 'toast', 'calendar', 'span']);
