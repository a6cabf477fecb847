// The table of contents of the product: every resource, with what is special about saving it and what can be done with it.

using Crm.Domain.Affiliates;
using Crm.Domain.Campaigns;
using Crm.Domain.Commissions;
using Crm.Domain.Conversions;
using Crm.Domain.Customers;
using Crm.Domain.CustomFields;
using Crm.Domain.Deliveries;
using Crm.Domain.Events;
using Crm.Domain.Forms;
using Crm.Domain.Leads;
using Crm.Domain.Links;
using Crm.Domain.Postbacks;
using Crm.Domain.Resources;
using Crm.Domain.Sites;
using Crm.Domain.Stores;
using Crm.Domain.Touches;
using Crm.Domain.Traffic;
using Crm.Domain.TrustedDocuments;
using Crm.Domain.Work;
using Crm.Domain.Workspaces;

namespace Crm.Domain;

/// <summary>A resource as the product serves it. REST, OpenAPI, the store's indexes and the isolation tests walk these; none knows a resource by name.</summary>
public sealed record CatalogEntry(ResourceType Type)
{
    public static CatalogEntry Of<T>()
        where T : Resource => new(ResourceType.Of<T>());

    /// <summary>What saving needs besides the fields' own rules: may change the record, may add errors. <c>before</c> is null for a new one.</summary>
    public Func<UnitOfWork, Resource?, Resource, FieldErrors, CancellationToken, ValueTask<Resource>>? Prepare { get; init; }

    /// <summary>Replaces making a record where that is more than one record in one workspace.</summary>
    public Func<UnitOfWork, System.Text.Json.JsonElement, CancellationToken, ValueTask<ActionResult>>? Create { get; init; }

    public IReadOnlyList<ResourceAction> Actions { get; init; } = [];
}

public sealed class Catalog
{
    readonly Dictionary<string, CatalogEntry> byPlural;

    public Catalog(IReadOnlyList<CatalogEntry> entries)
    {
        Entries = entries;
        byPlural = entries.ToDictionary(e => e.Type.Plural, StringComparer.Ordinal);
    }

    public IReadOnlyList<CatalogEntry> Entries { get; }

    /// <summary>The resources that the API shows.</summary>
    public IEnumerable<CatalogEntry> Public => Entries.Where(e => e.Type.Can != Operations.None);

    public CatalogEntry? Find(string plural) => byPlural.GetValueOrDefault(plural);

    public CatalogEntry For(ResourceType type) => byPlural[type.Plural];

    /// <summary>A catalog with further resources: one line for each.</summary>
    public Catalog With(params CatalogEntry[] more) => new([.. Entries, .. more]);

    public IReadOnlyList<Collection> Collections => [.. Entries.Select(e => e.Type.Collection)];

    /// <summary>Computes a stored record's keys anew (the store calls it after a definition changed).</summary>
    public Document Rekey(WorkspaceKey workspace, Collection collection, Id id, long version, ReadOnlyMemory<byte> json) =>
        Entries.First(e => e.Type.Collection.Name == collection.Name).Type.Rekey(id, version, json);

    public static readonly Catalog Standard = new([
        CatalogEntry.Of<Workspace>() with
        {
            Create = CreateWorkspace.Run,
        },
        CatalogEntry.Of<ApiKey>() with
        {
            Prepare = PrepareApiKey.Run,
            Actions = [PrepareApiKey.Revoke],
        },
        CatalogEntry.Of<Member>(),
        CatalogEntry.Of<Site>() with
        {
            Prepare = PrepareSite.Run,
        },
        CatalogEntry.Of<Form>() with
        {
            Prepare = PrepareForm.Run,
        },
        CatalogEntry.Of<Submission>() with
        {
            Actions = ReprocessSubmissions.Actions,
        },
        CatalogEntry.Of<Lead>() with
        {
            Prepare = PrepareLead.Run,
            Actions = [MergeLeads.Merge, MergeLeads.Unmerge, ConvertLead.Convert, ProposedChanges.Accept, ProposedChanges.Dismiss],
        },
        CatalogEntry.Of<CustomField>() with
        {
            Prepare = PrepareCustomField.Run,
        },
        CatalogEntry.Of<Campaign>() with
        {
            Prepare = PrepareCampaign.Run,
        },
        CatalogEntry.Of<Affiliate>() with
        {
            Prepare = PrepareAffiliate.Run,
            Actions = [EarnCommission.Pay, EarnCommission.Recompute],
        },
        CatalogEntry.Of<Link>() with
        {
            Prepare = PrepareLink.Run,
            Actions = [BulkLinks.Action],
        },
        CatalogEntry.Of<Click>(),
        CatalogEntry.Of<Visitor>(),
        CatalogEntry.Of<Touch>() with
        {
            Prepare = PrepareTouch.Run,
        },
        CatalogEntry.Of<Conversion>() with
        {
            Prepare = PrepareConversion.Run,
            Actions = [PrepareConversion.Reverse],
        },
        CatalogEntry.Of<Commission>() with
        {
            Actions = [EarnCommission.Approve, EarnCommission.Reverse],
        },
        CatalogEntry.Of<ChannelRule>() with
        {
            Prepare = PrepareChannelRule.Run,
        },
        CatalogEntry.Of<BotRule>() with
        {
            Prepare = PrepareBotRule.Run,
        },
        CatalogEntry.Of<Reclassification>() with
        {
            Prepare = PrepareReclassification.Run,
        },
        CatalogEntry.Of<OutgoingPostback>() with
        {
            Prepare = PreparePostback.Run,
        },
        CatalogEntry.Of<Delivery>() with
        {
            Actions = [RetryDelivery.Action],
        },
        CatalogEntry.Of<Customer>() with
        {
            Prepare = PrepareCustomer.Run,
        },
        CatalogEntry.Of<Purchase>() with
        {
            Prepare = PreparePurchase.Run,
        },
        CatalogEntry.Of<TrustedDocument>() with
        {
            Prepare = TrustedDocument.Prepare,
            Actions = [UploadDocuments.Upload],
        },
        CatalogEntry.Of<Event>(),
        CatalogEntry.Of<InstallationSecret>(),
        CatalogEntry.Of<IdempotencyRecord>(),
        CatalogEntry.Of<Lease>(),
        CatalogEntry.Of<AffiliateMonth>(),
        CatalogEntry.Of<NodeReport>(),
    ]);
}
