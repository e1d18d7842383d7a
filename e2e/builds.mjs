// Stands before the server and can play that it was updated: every file of the
// page has another name then, and the old names are gone.
import http from 'node:http';

const named = /([\w.-]+-[\w-]{8})(\.(?:js|css))/g;
const renamed = /~(\.(?:js|css))/g;

/** Serves what is at url; update() restarts with another build. */
export async function front(url) {
  const { hostname, port } = new URL(url);
  const open = new Set();
  let isNew = false;
  const server = http.createServer((request, response) => {
    const path = request.url;
    if (isNew && /^\/assets\/.*\.(js|css)$/.test(path) && !path.includes('~.')) {
      response.writeHead(404).end();
      return;
    }
    const headers = { ...request.headers, 'accept-encoding': 'identity' };
    if (isNew) delete headers['if-none-match'];
    const asked = http.request(
      { hostname, port, method: request.method, path: path.replace(renamed, '$1'), headers },
      (answer) => {
        const isText = /html|javascript|css/.test(answer.headers['content-type'] ?? '');
        if (!isNew || !isText) {
          response.writeHead(answer.statusCode, answer.headers);
          answer.pipe(response);
          return;
        }
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const { 'content-length': _, etag: __, ...rest } = answer.headers;
          response.writeHead(answer.statusCode, rest);
          response.end(Buffer.concat(parts).toString().replace(named, '$1~$2'));
        });
      },
    );
    asked.on('error', () => response.destroy());
    request.pipe(asked);
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
  });
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    update() {
      isNew = true;
      cut();
    },
    stop() {
      cut();
      server.close();
    },
  };
}
