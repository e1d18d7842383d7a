import { useState } from 'react';
import { SearchField } from '@/ui/SearchField';
import { TextField, type TextFieldProps } from '@/ui/TextField';
import { long, Row, State } from '../show';

function Field({ start = '', ...props }: Partial<TextFieldProps> & { start?: string }) {
  const [value, setValue] = useState(start);
  return <TextField label="客户名称" {...props} value={value} onChange={setValue} />;
}

function Find({ start = '' }: { start?: string }) {
  const [value, setValue] = useState(start);
  return <SearchField label="查找" value={value} onChange={setValue} />;
}

export function Texts() {
  return (
    <Row>
      <State name="default">
        <Field start="青岛海尔智家" />
      </State>
      <State name="empty">
        <Field placeholder="例如：宁波舟山港" help="和营业执照上一致" isRequired />
      </State>
      <State name="focus">
        <Field start="青岛海尔智家" />
      </State>
      <State name="error">
        <Field start="x" error="已有同名客户，请先查看" isRequired />
      </State>
      <State name="disabled">
        <Field start="青岛海尔智家" isDisabled />
      </State>
      <State name="long text">
        <Field start={long} label={long} help={long} />
      </State>
      <State name="figures with signs">
        <Field label="合同金额" start="1,280,000.00" prefix="¥" figures />
      </State>
      <State name="suffix">
        <Field label="折扣" start="12.5" suffix="%" figures />
      </State>
      <State name="lines">
        <Field label="备注" lines={3} start={'第一行\n第二行'} />
      </State>
      <State name="search">
        <Find />
      </State>
      <State name="search, filled">
        <Find start="海尔" />
      </State>
    </Row>
  );
}
