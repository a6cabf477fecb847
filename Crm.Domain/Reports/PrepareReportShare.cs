// Making a link to reports: what it may show, how long it may last, and its token, which is shown once.

using Crm.Domain.Links;
using Crm.Domain.Problems;
using Crm.Domain.Resources;
using Crm.Domain.Stores;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

public static class PrepareReportShare
{
    public static async ValueTask<ReportShare> Run(
        UnitOfWork work,
        ReportShare? before,
        ReportShare share,
        FieldErrors errors,
        CancellationToken cancel
    )
    {
        if (before is not null)
            return share;
        if (!Id.TryParse<ApiKey>(work.By, out var id) || await work.Find<ApiKey>(id, cancel) is not { } maker)
            throw new ProblemException(ProblemCodes.InsufficientScope, "A link to reports is made with an API key.");
        if (!work.RightsTo(ResourceType.Of<Click>()).MayRead)
            throw new ProblemException(ProblemCodes.InsufficientScope, "The key needs the scope clicks:read to show reports to others.");
        var all = work.Installation.Catalog.Reports;
        for (var i = 0; i < share.Reports.Length; i++)
            if (all.Find(share.Reports[i]) is null)
                errors.Add($"reports.{i}", "invalid", $"Allowed are: {string.Join(", ", all.Names)}.");
        CheckDays(share, errors);
        var (now, expires) = (work.Now, share.ExpiresAt);
        if (expires <= now || expires > now.AddDays(ReportShare.MostDays))
            errors.Add("expiresAt", "out_of_range", $"Must be in the future, and at most {ReportShare.MostDays} days from now.");
        else if (expires > maker.ExpiresAt)
            errors.Add("expiresAt", "not_allowed", "A key can make no link that lasts longer than itself.");
        if (expires is null)
        {
            expires = now.AddDays(ReportShare.UsualDays);
            if (maker.ExpiresAt < expires)
                expires = maker.ExpiresAt;
        }
        if (errors.Any)
            return share;
        var token = ReportShare.NewToken();
        work.ShownOnce["token"] = token;
        return share with
        {
            Reports = [.. all.Names.Where(share.Reports.Contains)],
            Days = share.From is null ? share.Days ?? ReportShare.UsualDays : null,
            ExpiresAt = expires,
            ApiKey = maker.Id,
            Hash = ReportShare.HashOf(token),
        };
    }

    static void CheckDays(ReportShare share, FieldErrors errors)
    {
        if ((share.From is null) != (share.To is null))
            errors.Add(share.From is null ? "from" : "to", "required", "from and to come together.");
        else if (share is { From: { } from, To: { } to })
        {
            if (share.Days is not null)
                errors.Add("days", "invalid", "Either days, or from and to.");
            if (from > to || to.DayNumber - from.DayNumber >= ReportQuestion.LongestPeriod)
                errors.Add("from", "out_of_range", $"Must not be after to, and at most {ReportQuestion.LongestPeriod - 1} days before it.");
            if (from.Year < ReportQuestion.FirstYear || to.Year >= ReportQuestion.EndYear)
                errors.Add("from", "out_of_range", "Must be a day between 1970 and 8999.");
        }
    }
}
