// The merchant's yes: asked in the chat where the client can show a form, else outside it, in a browser or a terminal.
import type { Approver } from '../guard/call.ts'
import { ChatApprover, ChatQuestions, FormApprover } from './chat.ts'
import type { ApprovalContext, ApprovalsOptions, OperatorContext } from './context.ts'
import { OperatorApprovals } from './operator.ts'

/** The questions of one process, made once. */
export class Approvals {
  readonly #questions: ChatQuestions
  readonly #operator: OperatorApprovals

  constructor(options: ApprovalsOptions) {
    this.#questions = new ChatQuestions(options.clock)
    this.#operator = new OperatorApprovals(options)
  }

  /** Whether a call with this state continues one whose question is open: the first that comes back with it. */
  continues(state: unknown): boolean {
    return this.#questions.comesBack(state)
  }

  /** Made anew for each call: it knows what the client can do, and what it brought back. */
  forCall(context: ApprovalContext): Approver {
    const { isModern, showsForms } = context.host
    const chat = new (isModern ? ChatApprover : FormApprover)(this.#questions, context)
    return {
      inChat: showsForms,
      restartOnAnswer: (operation) => chat.restartOnAnswer(operation),
      yes: (request, how) =>
        how === 'chat' && chat.showsForms
          ? chat.yes(request)
          : this.#operator.yes(request, { ...context, signal: context.ctx.mcpReq.signal }),
    }
  }

  /** Outside any chat, for as long as the question lasts. */
  atOperator(context: OperatorContext): Approver {
    return {
      inChat: false,
      restartOnAnswer: (operation) => operation(),
      yes: (request) => this.#operator.yes(request, context),
    }
  }

  close(): void {
    this.#operator.close()
  }
}
