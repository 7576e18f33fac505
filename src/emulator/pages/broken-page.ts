// What stands in for the gateway's answer when a proxy or a maintenance page gets in between.
import type { Answer } from '../reply.ts'

export function badGatewayPage(): Answer {
  return {
    status: 502,
    content_type: 'text/html',
    body: '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>',
  }
}

export function maintenancePage(): Answer {
  return {
    status: 200,
    content_type: 'text/html;charset=utf-8',
    body: '<!doctype html><html><body><p>系统维护中 / Under maintenance</p></body></html>',
  }
}
