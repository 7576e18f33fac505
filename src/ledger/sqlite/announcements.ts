// Announcements of renewals as rows: what the subscriber was to read, and where the proof of it came from.
import type { Actor, Announcement } from '../ledger.ts'
import { note, type Partition } from './partition.ts'
import { day, fen, moment, type Row, readEntry, text } from './rows.ts'
import { columnsOf } from './schema.ts'

export function saveAnnouncement(partition: Partition, announcement: Announcement, actor: Actor): void {
  const { external_agreement_no, planned_day, amount_fen, text: words, channel, at } = announcement
  partition.db.run(
    `insert into announcements (partition, external_agreement_no, planned_day, amount_fen, text, channel, at)
      values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
    ...[partition.id, external_agreement_no, planned_day, amount_fen, words, channel, at],
  )
  note(partition, actor, `renewal of subscription ${external_agreement_no} announced for ${planned_day}`)
}

export function announcements({ db, id }: Partition, external_agreement_no: string): readonly Announcement[] {
  const sql = `select ${columnsOf('announcements')} from announcements where partition = ? and external_agreement_no = ? order by id`
  return db.all(sql, id, external_agreement_no).map(announcementOf)
}

/** @throws DamagedEntry */
export function announcementOf(row: Row): Announcement {
  return readEntry('an announcement', row, () => ({
    external_agreement_no: text(row, 'external_agreement_no'),
    planned_day: day(row, 'planned_day'),
    amount_fen: fen(row, 'amount_fen'),
    text: text(row, 'text'),
    channel: text(row, 'channel'),
    at: moment(row, 'at'),
  }))
}
