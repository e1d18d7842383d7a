// What floats, open. Each is a part of its own: what is modal hides the others.
import { Copy, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button, IconButton } from '@/ui/Button';
import { Confirm, Dialog } from '@/ui/Dialog';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { Sheet } from '@/ui/Sheet';
import { TextField } from '@/ui/TextField';
import { toasts } from '@/ui/toasts';
import { long } from '../show';

const nothing = () => {};
const entries: MenuEntry[] = [
  { id: 'edit', name: '编辑', icon: <Pencil size={14} aria-hidden="true" />, note: 'E', onAction: nothing },
  { id: 'copy', name: '复制', icon: <Copy size={14} aria-hidden="true" />, onAction: nothing },
  { id: 'move', name: '移动到别的部门', isDisabled: true, onAction: nothing },
  {
    id: 'delete',
    name: '删除',
    icon: <Trash2 size={14} aria-hidden="true" />,
    danger: true,
    divided: true,
    onAction: nothing,
  },
];

export function MenuOpen() {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.querySelector('button')?.click(), []);
  return (
    <div ref={box} className="h-52">
      <Menu entries={entries} placement="bottom start">
        <Button>更多操作</Button>
      </Menu>
    </div>
  );
}

export function DialogOpen() {
  const foot = (
    <>
      <Button>取消</Button>
      <Button look="primary">保存</Button>
    </>
  );
  return (
    <Dialog title="新建字段" isOpen onClose={nothing} foot={foot}>
      <TextField label="名称" value="合同编号" onChange={nothing} />
    </Dialog>
  );
}

export function ConfirmOpen() {
  return (
    <Confirm
      title="删除这个客户？"
      text={`「${long}」会移到回收站，30 天内可以恢复。`}
      confirm="删除"
      isOpen
      onClose={nothing}
      onConfirm={nothing}
    />
  );
}

export function SheetOpen() {
  return (
    <Sheet title="修改记录" isOpen onClose={nothing} foot={<Button look="primary">完成</Button>}>
      <p className="p-4 text-ink-2">{long}</p>
    </Sheet>
  );
}

export function TipShown() {
  return (
    <div className="h-16">
      <span data-state="focus">
        <IconButton label="查找" keys="mod+k">
          <Copy size={15} aria-hidden="true" />
        </IconButton>
      </span>
    </div>
  );
}

export function ToastShown() {
  useEffect(() => {
    toasts.say('已删除 1 个客户', nothing);
    toasts.warn('没有保存：网络断开了');
  }, []);
  return <div className="h-40" />;
}
