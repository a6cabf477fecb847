// Saving a mail template: a workspace has a bounded number, for all of them are kept in memory.

using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Work;

namespace Crm.Domain.Mail;

public static class PrepareMailTemplate
{
    /// <summary>Templates of one workspace.</summary>
    const int Most = 200;

    public static ValueTask<MailTemplate> Run(
        UnitOfWork work,
        MailTemplate? before,
        MailTemplate template,
        FieldErrors errors,
        CancellationToken cancel
    ) =>
        before is null && work.Settings.Mail.Templates.Count >= Most
            ? throw new ProblemException(ProblemCodes.LimitReached, $"A workspace has at most {Most} mail templates.")
            : new(template);
}
