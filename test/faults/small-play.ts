/** A small play that makes every common kind of change below one folder, and what it finds there. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const OLD = 'the old text\n'.repeat(2000);
export const NEW = 'the NEW text\n'.repeat(2000);

/** Writes the playbook and its sources, and gives its path. Variable `at`: the folder on the host. */
export function writeSmallPlay(dir: string): string {
  mkdirSync(join(dir, 'files/pack/deep'), { recursive: true });
  mkdirSync(join(dir, 'templates'), { recursive: true });
  writeFileSync(join(dir, 'files/new.txt'), NEW);
  writeFileSync(join(dir, 'files/pack/one'), 'one\n');
  writeFileSync(join(dir, 'files/pack/deep/two'), 'two\n');
  writeFileSync(join(dir, 'templates/conf.j2'), 'port = {{ 8000 + 80 }}\n');
  const path = join(dir, 'small.yml');
  writeFileSync(
    path,
    `- hosts: all
  gather_facts: false
  tasks:
    - name: folder
      file: {path: "{{ at }}/made/deep", state: directory, mode: "0750"}
    - name: copy over
      copy: {src: new.txt, dest: "{{ at }}/text", mode: "0600"}
    - name: copy new
      copy: {content: "new\\n", dest: "{{ at }}/made/deep/new"}
    - name: template
      template: {src: conf.j2, dest: "{{ at }}/conf"}
    - name: line
      lineinfile: {path: "{{ at }}/lines", regexp: "^b=", line: "b=2"}
      notify: touch
    - name: link
      file: {src: v2, dest: "{{ at }}/current", state: link}
    - name: tree
      copy: {src: pack/, dest: "{{ at }}/pack/"}
    - name: command
      command: sh -c 'sleep 0.05; echo made > "{{ at }}/by-command"'
      undo:
        - file: {path: "{{ at }}/by-command", state: absent}
    - name: remove
      file: {path: "{{ at }}/old", state: absent}
  handlers:
    - name: touch
      copy: {content: "handled\\n", dest: "{{ at }}/handled"}
`,
  );
  return path;
}

/** Lays out what the play finds. */
export function layOut(at: string): void {
  mkdirSync(join(at, 'old/below'), { recursive: true });
  mkdirSync(join(at, 'v1'));
  mkdirSync(join(at, 'v2'));
  writeFileSync(join(at, 'text'), OLD, { mode: 0o644 });
  writeFileSync(join(at, 'lines'), 'a=1\nb=1\nc=1\n', { mode: 0o640 });
  writeFileSync(join(at, 'old/below/file'), 'old\n');
  symlinkSync('v1', join(at, 'current'));
}
