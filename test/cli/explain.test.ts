import { describe, expect, it } from 'vitest';
import { workshop } from '../engine/workshop.ts';
import { cutover } from './cutover.ts';

const FILES = {
  hosts: '[web]\nweb1 port=1\nweb2\n[web:vars]\nport=2\n',
  'site.yml': '- hosts: web\n  vars: {port: 3}\n  tasks: [{set_fact: {port: 4}}]\n',
};

describe('cutover explain', () => {
  it('says which layer wins', async () => {
    const folder = workshop(FILES);
    const { stdout, code } = await cutover(folder, 'explain', 'port', '-i', 'hosts', '-l', 'web1');
    expect(stdout.replaceAll(`${folder}/`, '')).toBe(
      'web1: port = 1\n* inventory file host vars    hosts:2:6  1\n  inventory file group vars   hosts:5:1  2\n',
    );
    expect(code).toBe(0);
  });

  it('adds what a playbook sets', async () => {
    const folder = workshop(FILES);
    const args = ['explain', 'port', 'site.yml', '-i', 'hosts', '-l', 'web2', '-e', 'port=5'];
    const { stdout } = await cutover(folder, ...args);
    expect(stdout.replaceAll(`${folder}/`, '').split('\n')).toEqual([
      'web2, site.yml:1: port = "5"',
      '* extra vars (-e)               "5"',
      '  play vars                   site.yml:2:10  3',
      '  inventory file group vars   hosts:5:1  2',
      '  set by tasks, for themselves or from their turn on:',
      '  set_fact                    site.yml:3:23  4  (task "set_fact")',
      '',
    ]);
  });

  it('suggests a name when nothing sets the variable, and ends with 1', async () => {
    const { stdout, code } = await cutover(workshop(FILES), 'explain', 'prt', '-i', 'hosts', '-l', 'web1');
    expect(stdout).toBe('web1: prt is set nowhere (did you mean "port"?)\n');
    expect(code).toBe(1);
  });

  it('gives JSON for all hosts', async () => {
    const { stdout } = await cutover(workshop(FILES), 'explain', 'port', '-i', 'hosts', '--json');
    expect(JSON.parse(stdout)).toMatchObject([
      { host: 'web1', value: 1 },
      { host: 'web2', value: 2 },
    ]);
  });
});
