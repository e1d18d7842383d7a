import { Ellipsis, Plus, Trash2 } from 'lucide-react';
import { Button, IconButton } from '@/ui/Button';
import { Spinner } from '@/ui/Progress';
import { SplitButton } from '@/ui/SplitButton';
import { long, Row, State } from '../show';

const looks = ['primary', 'plain', 'quiet', 'danger'] as const;

export function Buttons() {
  return (
    <>
      {looks.map((look) => (
        <Row key={look} width={130}>
          <State name={look}>
            <Button look={look}>保存 Save</Button>
          </State>
          <State name="hover">
            <Button look={look}>保存 Save</Button>
          </State>
          <State name={look === 'primary' ? 'focus' : 'icon'}>
            <Button look={look}>
              <Plus size={15} aria-hidden="true" />
              新建
            </Button>
          </State>
          <State name="disabled">
            <Button look={look} isDisabled>
              保存 Save
            </Button>
          </State>
          <State name="loading">
            <Button look={look} isDisabled>
              <Spinner />
              保存
            </Button>
          </State>
          <State name="one icon">
            <IconButton look={look} label="更多">
              <Ellipsis size={16} aria-hidden="true" />
            </IconButton>
          </State>
        </Row>
      ))}
      <Row>
        <State name="split">
          <SplitButton look="primary" entries={[]}>
            保存
          </SplitButton>
        </State>
        <State name="split, plain">
          <SplitButton entries={[]}>导出</SplitButton>
        </State>
        <State name="split, disabled">
          <SplitButton look="primary" entries={[]} isDisabled>
            保存
          </SplitButton>
        </State>
        <State name="long text">
          <Button look="danger" className="max-w-full">
            <Trash2 size={15} aria-hidden="true" />
            <span className="truncate">{long}</span>
          </Button>
        </State>
      </Row>
    </>
  );
}
