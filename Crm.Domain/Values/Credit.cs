// To whom and what something is owed: one value in clicks, touches, sources, conversions and commissions.

using Crm.Domain.Stores;

namespace Crm.Domain.Values;

/// <summary>The link with its campaign and affiliate as they were then, and the marketing channel. All empty: nothing is known.</summary>
public readonly record struct Credit(Id? Link, Id? Campaign, Id? Affiliate, string? Channel);
