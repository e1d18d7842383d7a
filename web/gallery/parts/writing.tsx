// Formatted text, files on their way, and the bar over a PDF.
import { useState } from 'react';
import { PdfTools } from '@/heavy/pdf/PdfTools';
import RichEditor from '@/heavy/richtext/RichEditor';
import { Uploading } from '@/meta/fields/file/Uploading';
import Blocks from '@/meta/fields/rich_text/Blocks';
import { Row, State } from '../show';

const markup =
  '<h2>项目背景</h2><p>客户现有<strong>三条</strong>产线，<em>交期</em>很<u>紧</u>，<s>原定十月</s>。</p>' +
  '<ul><li><p>样机：两周</p><ul><li><p>含运费</p></li></ul></li><li><p>验收</p></li></ul>' +
  '<ol start="3"><li><p>签约</p></li></ol><blockquote><p>能不能再快一点？</p></blockquote>' +
  '<h3>资料</h3><p>见 <a href="https://example.com">官网</a></p>';

function Write(props: { start?: string; error?: string; isDisabled?: boolean; help?: string }) {
  const [value, setValue] = useState(props.start ?? '');
  return <RichEditor label="方案" isRequired value={value} onChange={setValue} {...props} />;
}

const none = () => undefined;

export function Writing() {
  return (
    <>
      <Row width={440}>
        <State name="rich text">
          <Write start={markup} help="写给客户看的内容" />
        </State>
        <State name="read">
          <Blocks markup={markup} />
        </State>
        <State name="rich text, error">
          <Write error="此项必填" />
        </State>
        <State name="rich text, disabled">
          <Write start="<p>已归档</p>" isDisabled />
        </State>
        <State name="uploads">
          <Uploading
            uploads={{
              retry: none,
              drop: none,
              waiting: [
                { key: 1, name: '现场照片.jpg', size: 4_200_000, sent: 2_730_000, state: 'sending' },
                {
                  key: 2,
                  name: '合同.pdf',
                  size: 900_000,
                  sent: 0,
                  state: 'sending',
                  why: '连接断开，正在重试',
                },
                { key: 3, name: '会议录音.m4a', size: 18_000_000, sent: 0, state: 'waiting' },
                {
                  key: 4,
                  name: '报价单.xlsx',
                  size: 1,
                  sent: 0,
                  state: 'failed',
                  why: '连接不上服务器',
                  canRetry: true,
                },
                { key: 5, name: '全年归档.zip', size: 1, sent: 0, state: 'failed', why: '文件超过 537 MB' },
              ],
            }}
          />
        </State>
      </Row>
      <Row width={620}>
        <State name="pdf, found">
          <PdfTools
            page={3}
            pages={24}
            onGo={none}
            zoom={1.25}
            fit={1.25}
            onStep={none}
            onFit={none}
            words="合同"
            onWords={none}
            found={{ at: 2, of: 6 }}
            onFound={none}
          />
        </State>
        <State name="pdf, nothing found">
          <PdfTools
            page={1}
            pages={1}
            onGo={none}
            zoom={0.46}
            fit="width"
            onStep={none}
            onFit={none}
            words="发票"
            onWords={none}
            found={{ at: 0, of: 0 }}
            onFound={none}
          />
        </State>
      </Row>
    </>
  );
}
