import { LayoutGrid, List } from 'lucide-react';
import { useState } from 'react';
import { ComboBox } from '@/ui/ComboBox';
import { Dot } from '@/ui/Dot';
import { CheckboxGroup, RadioChoice } from '@/ui/Groups';
import { MultiSelect } from '@/ui/MultiSelect';
import { Segmented } from '@/ui/Segmented';
import { Select, type SelectProps } from '@/ui/Select';
import { Checkbox, Switch } from '@/ui/Switch';
import { long, Row, State } from '../show';

const statuses = [
  { id: 'lead', name: '潜在', mark: <Dot color="gray" /> },
  { id: 'talk', name: '洽谈中', mark: <Dot color="blue" /> },
  { id: 'won', name: '成交', mark: <Dot color="green" /> },
  { id: 'lost', name: long, mark: <Dot color="red" /> },
];
const nothing = () => {};

function One({ start = 'won', ...props }: Partial<SelectProps> & { start?: string | null }) {
  const [value, setValue] = useState<string | null>(start);
  return <Select label="客户状态" items={statuses} {...props} value={value} onChange={setValue} />;
}

function Combo({ error, isDisabled }: { error?: string; isDisabled?: boolean }) {
  return (
    <ComboBox
      label="负责人"
      items={[]}
      text=""
      onText={nothing}
      value={null}
      onChange={nothing}
      placeholder="输入名称或拼音"
      {...{ error, isDisabled }}
    />
  );
}

export function Choices() {
  const [view, setView] = useState<'list' | 'board'>('list');
  return (
    <>
      <Row>
        <State name="default">
          <One />
        </State>
        <State name="empty">
          <One start={null} isRequired />
        </State>
        <State name="focus">
          <One />
        </State>
        <State name="error">
          <One start={null} error="此项必填" />
        </State>
        <State name="disabled">
          <One isDisabled />
        </State>
        <State name="long text">
          <One start="lost" />
        </State>
        <State name="several">
          <MultiSelect label="行业" items={statuses} value={['lead', 'won']} onChange={nothing} />
        </State>
        <State name="search">
          <Combo />
        </State>
        <State name="search, error">
          <Combo error="没有这个人" />
        </State>
        <State name="search, disabled">
          <Combo isDisabled />
        </State>
      </Row>
      <Row>
        <State name="segmented">
          <Segmented<'list' | 'board'>
            label="显示为"
            items={[
              { id: 'list', name: '列表', icon: <List size={14} aria-hidden="true" /> },
              { id: 'board', name: '看板', icon: <LayoutGrid size={14} aria-hidden="true" /> },
            ]}
            value={view}
            onChange={setView}
          />
        </State>
        <State name="boxes">
          <CheckboxGroup
            label="可以做什么"
            items={[
              { id: 'read', name: '查看' },
              { id: 'write', name: '编辑', note: '包括移动到别的阶段' },
              { id: 'delete', name: '删除', isDisabled: true },
            ]}
            value={['read', 'delete']}
            onChange={nothing}
          />
        </State>
        <State name="one of several">
          <RadioChoice
            label="范围"
            items={[
              { id: 'own', name: '本人的' },
              { id: 'dept', name: '本部门的', note: '不含下级部门' },
              { id: 'all', name: '全部', isDisabled: true },
            ]}
            value="dept"
            onChange={nothing}
            error="管理员限制了范围"
          />
        </State>
        <State name="one box">
          <Checkbox label="不再提醒" isSelected onChange={nothing} />
          <Checkbox label="一部分" isSelected={false} isIndeterminate onChange={nothing} />
          <Checkbox label="没有选" isSelected={false} onChange={nothing} />
        </State>
        <State name="switch on">
          <Switch label="启用" isSelected onChange={nothing} help="关闭后成员不能登录" />
        </State>
        <State name="switch off, disabled">
          <Switch label="启用" isSelected={false} onChange={nothing} isDisabled />
        </State>
      </Row>
    </>
  );
}
