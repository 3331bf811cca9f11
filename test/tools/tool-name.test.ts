import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sanitizeToolName } from '../../src/tools/tool-name.ts'

test.each([
  ['Delegate work to coworker', 'delegate_work_to_coworker'],
  ['searchTheWeb', 'search_the_web'],
  ['HTTPServer', 'http_server'],
  ['readPDFFile', 'read_pdf_file'],
  ['look_up', 'look_up'],
  ["Café's  menu (v2)!", 'cafes_menu_v2'],
  ['--a--', 'a'],
  ['検索', ''],
])('the tool name %j becomes %j', (name, expected) => {
  expect(sanitizeToolName(name)).toBe(expected)
})

test('a long name is cut at 64 characters, without an underscore at its end', () => {
  expect(sanitizeToolName('a'.repeat(100))).toBe('a'.repeat(64))
  expect(sanitizeToolName(`${'a'.repeat(63)} b`)).toBe('a'.repeat(63))
})

test('every name becomes one that models accept, and then stays', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      const sanitized = sanitizeToolName(name)
      expect(sanitized).toMatch(/^([a-z0-9]([a-z0-9_]*[a-z0-9])?)?$/)
      expect(sanitized.length).toBeLessThanOrEqual(64)
      expect(sanitizeToolName(sanitized)).toBe(sanitized)
    }),
  )
})
