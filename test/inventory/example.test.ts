import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inventoryHostJson, loadInventory } from '../../src/inventory/index.ts';
import { createSecrets } from '../../src/secrets/index.ts';
import { createVault } from '../../src/vault/index.ts';

const folder = join(import.meta.dirname, '../../inventory.example');

/** The password as the page tells it to the reader. */
function documentedPassword(): string {
  return /printf '%s\\n' '([^']+)'/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))![1]!;
}

describe('the example inventory', () => {
  test('three nodes, their variables, and the vault with the password that its page names', async () => {
    const secrets = createSecrets();
    const vault = await createVault({ ids: [{ password: documentedPassword() }], secrets });
    const inventory = await loadInventory(['hosts.yml'], { cwd: folder, vault, secrets });
    expect(inventory.warnings).toEqual([]);
    expect(inventory.match('mi').hosts).toEqual(['mi-1', 'mi-2', 'mi-3']);
    expect(inventoryHostJson(inventory, 'mi-2')).toMatchObject({
      mi_node_id: 'mi-node-2',
      mi_service: 'wso2mi',
      ansible_user: 'deploy',
    });
    expect(inventoryHostJson(inventory, 'mi-3')).toMatchObject({ mi_stop_timeout: 300 });
    const { vault_mi_keystore_password: password } = inventoryHostJson(inventory, 'mi-1');
    expect(secrets.mask(`x ${password} y`)).toBe('x ******** y');
  });

  test('without a password its graph still shows, and a host says what is missing', async () => {
    const inventory = await loadInventory([folder]);
    expect(inventory.members('mi')).toHaveLength(3);
    expect(() => inventory.layers('mi-1')).toThrow(expect.objectContaining({ kind: 'vault' }));
  });
});
