// A link to reports is opened: whose it is, and whether it still shows anything, asked anew for every request.

using Crm.Domain.Resources;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain.Reports;

/// <summary>A link with whose it is, found by its hash.</summary>
public sealed record KnownShare(WorkspaceSettings Settings, ReportShare Share)
{
    public static readonly RecordLookup<ReportShare, KnownShare> ByHash = new("hash", (settings, share) => new(settings, share));
}

/// <param name="Maker">The key that made it, and whose rights it has; null: the link has ended, by itself or with that key.</param>
public sealed record OpenedShare(WorkspaceSettings Settings, ReportShare Share, ApiKey? Maker);

public static class OpenReportShare
{
    /// <summary>Null for a token that nobody was given.</summary>
    public static async ValueTask<OpenedShare?> Run(Installation installation, string? token, CancellationToken cancel)
    {
        // Looked up by its hash: no comparison takes longer because a guess is nearly right.
        if (
            token is not { Length: ReportShare.TokenLength }
            || await installation.Settings.Find(KnownShare.ByHash, ReportShare.HashOf(token), cancel) is not var (settings, share)
        )
            return null;
        var (now, type) = (installation.Now, ResourceType.Of<ApiKey>());
        var maker =
            share.ExpiresAt > now
            && share.ApiKey is { } id
            && await settings.Store.Get(type.Collection, id, cancel) is { } row
            && type.FromRow<ApiKey>(row) is var key
            && key.IsUsable(now)
                ? key
                : null;
        return new(settings, share, maker);
    }
}
