// Which text a request means when it names a document, and whether its workspace runs it.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Crm.Domain.Resources;
using Crm.Domain.TrustedDocuments;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Api.GraphQL;

/// <summary>The request is not answered; the message never depends on what it asked for.</summary>
sealed class UntrustedException(string message, string code) : Exception(message)
{
    public string Code => code;
}

sealed class TrustedTexts
{
    const int MostKept = 1_000;

    /// <summary>A change to a document gives the workspace new settings, and with them an empty table.</summary>
    readonly ConditionalWeakTable<WorkspaceSettings, ConcurrentDictionary<string, string>> kept = [];

    public async ValueTask<string> Text(WorkspaceSettings settings, GraphQLRequest request, CancellationToken cancel)
    {
        var found = request.DocumentId is { Length: <= 200 } id ? await Find(settings, TrustedDocument.Plain(id), cancel) : null;
        if (found is null && settings.Workspace.TrustedDocumentsOnly)
            throw new UntrustedException("Only trusted documents are run here.", "UNTRUSTED_DOCUMENT");
        // With the text beside it the id only says which one is meant: clients that try the id first come again like this.
        if (request.Query is { } text && (found ?? text) is var meant)
            return meant == text && (found is not null || TrustedDocument.IdOf(text) == TrustedDocument.Plain(request.DocumentId!))
                ? text
                : throw new UntrustedException("The text is not that of the document.", "DOCUMENT_MISMATCH");
        // By this message clients know that they have to send the text.
        return found ?? throw new UntrustedException("PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND");
    }

    async ValueTask<string?> Find(WorkspaceSettings settings, string id, CancellationToken cancel)
    {
        var texts = kept.GetOrCreateValue(settings);
        if (texts.TryGetValue(id, out var known))
            return known;
        var type = ResourceType.Of<TrustedDocument>();
        if (
            await settings.Store.FindByKey(type.Collection, "documentId", id, cancel) is not { } found
            || await settings.Store.Get(type.Collection, found, cancel) is not { } row
        )
            return null;
        var text = type.FromRow<TrustedDocument>(row).Text!;
        if (texts.Count >= MostKept)
            texts.Clear();
        return texts[id] = text;
    }
}
