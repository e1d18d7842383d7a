// The editors of the field types, as forms and inline edits use them.
import { useState } from 'react';
import type { Field } from '@/api/types';
import { editorOf } from '@/meta/fields/editors';
import { makeField, makeOption } from '@/meta/make';
import { Row, State } from '../show';

function Edit({
  field,
  start,
  ...props
}: {
  field: Field;
  start?: unknown;
  error?: string;
  isDisabled?: boolean;
}) {
  const [value, setValue] = useState<unknown>(start ?? null);
  const Editor = editorOf(field);
  if (!Editor) return null;
  return (
    <Editor field={field} label={field.label?.['zh-CN'] ?? ''} value={value} onChange={setValue} {...props} />
  );
}

const field = (name: string, type: string, settings: Field['settings'] = {}) =>
  makeField(name, type, { label: { 'zh-CN': name, en: name }, settings });
const industries = [
  makeOption('mfg', '制造业'),
  makeOption('auto', '汽车', { parent: 'mfg' }),
  makeOption('bank', '银行'),
];
const li = { id: '1', label: '李明' };

export function Fields() {
  return (
    <Row width={224}>
      <State name="region">
        <Edit field={field('所在地区', 'region')} start="310104" />
      </State>
      <State name="region, empty">
        <Edit field={field('所在地区', 'region')} />
      </State>
      <State name="region, error">
        <Edit field={field('所在地区', 'region')} error="此项必填" />
      </State>
      <State name="tree">
        <Edit field={field('行业', 'tree_choice', { options: industries })} start="auto" />
      </State>
      <State name="member">
        <Edit field={field('负责人', 'member')} start={li} />
      </State>
      <State name="members">
        <Edit
          field={field('协作人', 'member', { many: true })}
          start={[li, { id: '6', label: '欧阳修远' }]}
        />
      </State>
      <State name="department">
        <Edit field={field('部门', 'department')} start={{ id: '1', label: '销售一部' }} />
      </State>
      <State name="reference, empty">
        <Edit field={field('客户', 'reference', { target: 'crm.customer' })} />
      </State>
      <State name="money">
        <Edit field={field('合同金额', 'money')} start="1280000.00" />
      </State>
      <State name="percent">
        <Edit field={field('折扣', 'percent')} start="12.5" />
      </State>
      <State name="number, error">
        <Edit field={field('数量', 'number')} start="十二" error="请填写整数，例如 12" />
      </State>
      <State name="phones">
        <Edit field={field('电话', 'phone', { many: true })} start={['021-64380037', '13816624380']} />
      </State>
      <State name="files">
        <Edit
          field={field('合同', 'file')}
          start={[{ id: 'f', name: '设备采购合同（盖章）.pdf', size: 1_843_201, mime: 'application/pdf' }]}
        />
      </State>
      <State name="several">
        <Edit field={field('标签', 'choice', { options: industries, many: true })} start={['mfg', 'bank']} />
      </State>
      <State name="switch">
        <Edit field={field('启用', 'switch')} start />
      </State>
      <State name="mail, disabled">
        <Edit field={field('邮箱', 'email')} start="wangfang@cmb.example" isDisabled />
      </State>
    </Row>
  );
}
