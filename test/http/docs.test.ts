import { expect, test } from 'vitest'
import { openApp } from '../harness/app.ts'

test('GET /docs loads only what its content security policy allows, all of it from here', async () => {
  await using app = await openApp()
  const page = await app.inject('/docs')
  expect(page.headers['content-type']).toMatch(/^text\/html/)
  const policy = String(page.headers['content-security-policy'])
  expect(policy).toContain("script-src 'self'")
  expect(policy).toContain("style-src 'self'")
  expect(policy).not.toMatch(/unsafe|https:/)

  expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=/)
  const urls = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url)
  expect(urls.length).toBeGreaterThan(4)
  for (const url of urls) {
    expect(url).toMatch(/^\/docs\/static\//)
    expect((await app.inject(url)).statusCode).toBe(200)
  }
})

test('GET /docs shows the document that GET /openapi.json gives', async () => {
  await using app = await openApp()
  const document = (await app.inject('/openapi.json')).json()
  expect((await app.inject('/docs/json')).json()).toEqual(document)
  expect(document).toMatchObject({
    openapi: '3.1.0',
    info: { title: 'Coxswain', version: '0.0.0' },
  })
})
