export interface paths {
    "/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List workspaces. */
        get: operations["listWorkspaces"];
        put?: never;
        /** Make a workspace. */
        post: operations["createWorkspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workspaces/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The workspace's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one workspace. */
        get: operations["getWorkspace"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change a workspace by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateWorkspace"];
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List api-keys. */
        get: operations["listApiKeys"];
        put?: never;
        /** Make a apiKey. */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The apiKey's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one apiKey. */
        get: operations["getApiKey"];
        put?: never;
        post?: never;
        /** Delete a apiKey. */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        /** Change a apiKey by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateApiKey"];
        trace?: never;
    };
    "/v1/api-keys/{id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The apiKey's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Refuses the key from now on. Cannot be undone. */
        post: operations["revokeApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List members. */
        get: operations["listMembers"];
        put?: never;
        /** Make a member. */
        post: operations["createMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The member's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one member. */
        get: operations["getMember"];
        put?: never;
        post?: never;
        /** Delete a member. */
        delete: operations["deleteMember"];
        options?: never;
        head?: never;
        /** Change a member by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateMember"];
        trace?: never;
    };
    "/v1/sites": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sites. */
        get: operations["listSites"];
        put?: never;
        /** Make a site. */
        post: operations["createSite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sites/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The site's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one site. */
        get: operations["getSite"];
        put?: never;
        post?: never;
        /** Delete a site. */
        delete: operations["deleteSite"];
        options?: never;
        head?: never;
        /** Change a site by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateSite"];
        trace?: never;
    };
    "/v1/forms": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List forms. */
        get: operations["listForms"];
        put?: never;
        /** Make a form. */
        post: operations["createForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/forms/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The form's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one form. */
        get: operations["getForm"];
        put?: never;
        post?: never;
        /** Delete a form. */
        delete: operations["deleteForm"];
        options?: never;
        head?: never;
        /** Change a form by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateForm"];
        trace?: never;
    };
    "/v1/submissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List submissions. */
        get: operations["listSubmissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one submission. */
        get: operations["getSubmission"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}/reprocess": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Processes an entry again, by the form as it is now. For entries that were rejected, quarantined or failed. */
        post: operations["reprocessSubmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/reprocess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Processes entries again, by the forms as they are now: those that were rejected, quarantined or failed, oldest first. */
        post: operations["reprocessSubmissions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A member vouches for an entry: it is processed whatever spoke against it; values that are not valid stay in the entry. */
        post: operations["approveSubmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/submissions/{id}/spam": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Puts an entry away as spam. A lead that it alone made goes with it; approving brings both back. */
        post: operations["spamSubmission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List leads. */
        get: operations["listLeads"];
        /** Change the lead with this e-mail address or phone number, or make one. */
        put: operations["upsertLead"];
        /** Make a lead. */
        post: operations["createLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one lead. */
        get: operations["getLead"];
        put?: never;
        post?: never;
        /** Delete a lead. */
        delete: operations["deleteLead"];
        options?: never;
        head?: never;
        /** Change a lead by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateLead"];
        trace?: never;
    };
    "/v1/leads/{id}/merge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes another lead into this one: its values where this one has none, its addresses, numbers and everything that refers to it. Can be undone. */
        post: operations["mergeLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads/{id}/unmerge": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Undoes a merge: the other lead is back as it was, and this one loses what the merge gave it. What was changed since stays. */
        post: operations["unmergeLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads/{id}/convert": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes the lead a customer, once: a lead that is one already stays the same customer. With a purchase, that too. */
        post: operations["convertLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads/{id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a proposed value the lead's own. An e-mail address or phone number is added as the primary one. */
        post: operations["acceptLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads/{id}/dismiss": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes a proposed value off the list. The submission that brought it keeps it. */
        post: operations["dismissLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-fields": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List custom-fields. */
        get: operations["listCustomFields"];
        put?: never;
        /** Make a customField. */
        post: operations["createCustomField"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/custom-fields/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customField's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one customField. */
        get: operations["getCustomField"];
        put?: never;
        post?: never;
        /** Delete a customField. */
        delete: operations["deleteCustomField"];
        options?: never;
        head?: never;
        /** Change a customField by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateCustomField"];
        trace?: never;
    };
    "/v1/campaigns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List campaigns. */
        get: operations["listCampaigns"];
        put?: never;
        /** Make a campaign. */
        post: operations["createCampaign"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/campaigns/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The campaign's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one campaign. */
        get: operations["getCampaign"];
        put?: never;
        post?: never;
        /** Delete a campaign. */
        delete: operations["deleteCampaign"];
        options?: never;
        head?: never;
        /** Change a campaign by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateCampaign"];
        trace?: never;
    };
    "/v1/affiliates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List affiliates. */
        get: operations["listAffiliates"];
        put?: never;
        /** Make a affiliate. */
        post: operations["createAffiliate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliates/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one affiliate. */
        get: operations["getAffiliate"];
        put?: never;
        post?: never;
        /** Delete a affiliate. */
        delete: operations["deleteAffiliate"];
        options?: never;
        head?: never;
        /** Change a affiliate by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateAffiliate"];
        trace?: never;
    };
    "/v1/affiliates/{id}/pay": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks every approved commission of the affiliate as paid, up to 1,000 at once, and says how much that is in each currency. */
        post: operations["payAffiliate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/affiliates/{id}/recompute": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Computes every pending commission of the affiliate anew by its rules of today, up to 1,000 at once, and says what they come to. */
        post: operations["recomputeAffiliate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List links. */
        get: operations["listLinks"];
        put?: never;
        /** Make a link. */
        post: operations["createLink"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/links/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The link's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one link. */
        get: operations["getLink"];
        put?: never;
        post?: never;
        /** Delete a link. */
        delete: operations["deleteLink"];
        options?: never;
        head?: never;
        /** Change a link by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateLink"];
        trace?: never;
    };
    "/v1/links/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes up to 500 links; each row has its own result. With an Idempotency-Key a repeated request makes none twice. */
        post: operations["bulkLinks"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clicks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List clicks. */
        get: operations["listClicks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/clicks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The click's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one click. */
        get: operations["getClick"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/visitors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List visitors. */
        get: operations["listVisitors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/visitors/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The visitor's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one visitor. */
        get: operations["getVisitor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/touches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List touches. */
        get: operations["listTouches"];
        put?: never;
        /** Make a touch. */
        post: operations["createTouch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/touches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The touch's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one touch. */
        get: operations["getTouch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List conversions. */
        get: operations["listConversions"];
        put?: never;
        /** Make a conversion. */
        post: operations["createConversion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversion's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one conversion. */
        get: operations["getConversion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/conversions/{id}/reverse": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The conversion's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the conversion back, as after a refund: it counts no more, and neither does what an affiliate earned by it. */
        post: operations["reverseConversion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List commissions. */
        get: operations["listCommissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commissions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The commission's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one commission. */
        get: operations["getCommission"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commissions/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The commission's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Says that the commission is to be paid. */
        post: operations["approveCommission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/commissions/{id}/reverse": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The commission's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Takes the commission back. One that was paid stays, and an approved one of the opposite amount is set against it. */
        post: operations["reverseCommission"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/channel-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List channel-rules. */
        get: operations["listChannelRules"];
        put?: never;
        /** Make a channelRule. */
        post: operations["createChannelRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/channel-rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channelRule's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one channelRule. */
        get: operations["getChannelRule"];
        put?: never;
        post?: never;
        /** Delete a channelRule. */
        delete: operations["deleteChannelRule"];
        options?: never;
        head?: never;
        /** Change a channelRule by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateChannelRule"];
        trace?: never;
    };
    "/v1/bot-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List bot-rules. */
        get: operations["listBotRules"];
        put?: never;
        /** Make a botRule. */
        post: operations["createBotRule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bot-rules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The botRule's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one botRule. */
        get: operations["getBotRule"];
        put?: never;
        post?: never;
        /** Delete a botRule. */
        delete: operations["deleteBotRule"];
        options?: never;
        head?: never;
        /** Change a botRule by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateBotRule"];
        trace?: never;
    };
    "/v1/reclassifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List reclassifications. */
        get: operations["listReclassifications"];
        put?: never;
        /** Make a reclassification. */
        post: operations["createReclassification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reclassifications/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The reclassification's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one reclassification. */
        get: operations["getReclassification"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/postbacks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List postbacks. */
        get: operations["listPostbacks"];
        put?: never;
        /** Make a postback. */
        post: operations["createPostback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/postbacks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The postback's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one postback. */
        get: operations["getPostback"];
        put?: never;
        post?: never;
        /** Delete a postback. */
        delete: operations["deletePostback"];
        options?: never;
        head?: never;
        /** Change a postback by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updatePostback"];
        trace?: never;
    };
    "/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List deliveries. */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The delivery's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one delivery. */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/deliveries/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The delivery's id. */
                id: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tries it now, and if need be by the whole schedule again. Its id stays. */
        post: operations["retryDelivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List customers. */
        get: operations["listCustomers"];
        put?: never;
        /** Make a customer. */
        post: operations["createCustomer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one customer. */
        get: operations["getCustomer"];
        put?: never;
        post?: never;
        /** Delete a customer. */
        delete: operations["deleteCustomer"];
        options?: never;
        head?: never;
        /** Change a customer by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updateCustomer"];
        trace?: never;
    };
    "/v1/purchases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List purchases. */
        get: operations["listPurchases"];
        put?: never;
        /** Make a purchase. */
        post: operations["createPurchase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/purchases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The purchase's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one purchase. */
        get: operations["getPurchase"];
        put?: never;
        post?: never;
        /** Delete a purchase. */
        delete: operations["deletePurchase"];
        options?: never;
        head?: never;
        /** Change a purchase by a merge patch (RFC 7396): members that are absent stay, null removes, lists are replaced. */
        patch: operations["updatePurchase"];
        trace?: never;
    };
    "/v1/trusted-documents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List trusted-documents. */
        get: operations["listTrustedDocuments"];
        put?: never;
        /** Make a trustedDocument. */
        post: operations["createTrustedDocument"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trusted-documents/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The trustedDocument's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one trustedDocument. */
        get: operations["getTrustedDocument"];
        put?: never;
        post?: never;
        /** Delete a trustedDocument. */
        delete: operations["deleteTrustedDocument"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/trusted-documents/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a set of documents. Those that are there already with the same text stay as they are. */
        post: operations["uploadTrustedDocuments"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List events. */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The event's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Read one event. */
        get: operations["getEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leads/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Everything that happened to a lead, newest first. */
        get: operations["listLeadTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/customers/{id}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The customer's id. */
                id: string;
            };
            cookie?: never;
        };
        /** Everything that happened to a customer and to the lead it was, newest first. */
        get: operations["listCustomerTimeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/reports/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Which report. */
                name: "links" | "campaigns" | "affiliates" | "channels" | "forms" | "funnel";
            };
            cookie?: never;
        };
        /** What links, campaigns, affiliates, channels or forms brought in a period, the most clicks first (channels: visitors, forms: submissions) unless sorted otherwise; or how many visitors became leads and customers. Also as CSV (Accept: text/csv) and as a picture (Accept: image/svg+xml). */
        get: operations["report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/f/{formKey}": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The form's public key. */
                formKey: string;
            };
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Post a form. The entry is stored whatever becomes of it; a 2xx means that it is on disk. */
        post: operations["submitForm"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Address: {
            /** @description Street and number. */
            line1?: null | string;
            /** @description Flat, building. */
            line2?: null | string;
            /** @description City. */
            city?: null | string;
            /** @description State or region. */
            region?: null | string;
            /** @description Postal code. */
            postalCode?: null | string;
            /**
             * @description ISO 3166 country code.
             * @example BR
             */
            country?: null | string;
        };
        /** @description A partner whose site sends people here. */
        Affiliate: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Garden blog
             */
            name: string;
            /**
             * Format: uri
             * @description Its site.
             * @example https://garden.example.org/
             */
            url: null | string;
            /**
             * Format: email
             * @description Whom to write to.
             */
            email: null | string;
            /** @description What was agreed. */
            terms: null | string;
            /**
             * @description Whether it sends people now.
             * @enum {string}
             */
            status: "active" | "paused" | "ended";
            /** @description Names the affiliate in the address of its postbacks, /postback/{postbackKey}; random. Who knows it can report conversions of this affiliate's clicks. */
            postbackKey: null | string;
            /**
             * @description What its postbacks' amounts are in when they do not say so.
             * @example EUR
             */
            currency: null | string;
            /** @description Whether a postback of a click that is not known is answered with 404, so that its sender tries again, instead of 200. */
            refuseUnknownClicks: boolean;
            /** @description What it earns. Of the rules that fit, the one with the highest from counts. */
            commissionRules: components["schemas"]["CommissionRule"][];
            /** @description The workspace's own fields by name; see custom-fields. */
            custom: {
                [key: string]: unknown;
            };
        };
        AffiliateInput: {
            /**
             * @description What people call it.
             * @example Garden blog
             */
            name: string;
            /**
             * Format: uri
             * @description Its site.
             * @example https://garden.example.org/
             */
            url?: null | string;
            /**
             * Format: email
             * @description Whom to write to.
             */
            email?: null | string;
            /** @description What was agreed. */
            terms?: null | string;
            /**
             * @description Whether it sends people now.
             * @enum {null|string}
             */
            status?: "active" | "paused" | "ended" | null;
            /**
             * @description What its postbacks' amounts are in when they do not say so.
             * @example EUR
             */
            currency?: null | string;
            /** @description Whether a postback of a click that is not known is answered with 404, so that its sender tries again, instead of 200. */
            refuseUnknownClicks?: null | boolean;
            /** @description What it earns. Of the rules that fit, the one with the highest from counts. */
            commissionRules?: null | components["schemas"]["CommissionRule"][];
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        AffiliatePage: {
            data: components["schemas"]["Affiliate"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        AffiliatePatch: {
            /**
             * @description What people call it.
             * @example Garden blog
             */
            name?: null | string;
            /**
             * Format: uri
             * @description Its site.
             * @example https://garden.example.org/
             */
            url?: null | string;
            /**
             * Format: email
             * @description Whom to write to.
             */
            email?: null | string;
            /** @description What was agreed. */
            terms?: null | string;
            /**
             * @description Whether it sends people now.
             * @enum {null|string}
             */
            status?: "active" | "paused" | "ended" | null;
            /**
             * @description What its postbacks' amounts are in when they do not say so.
             * @example EUR
             */
            currency?: null | string;
            /** @description Whether a postback of a click that is not known is answered with 404, so that its sender tries again, instead of 200. */
            refuseUnknownClicks?: null | boolean;
            /** @description What it earns. Of the rules that fit, the one with the highest from counts. */
            commissionRules?: null | components["schemas"]["CommissionRule"][];
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        /** @description Gives access to one workspace. The key itself is shown once, when it is made. */
        ApiKey: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What it is used for.
             * @example Website sync
             */
            name: string;
            /** @description What it may do: leads:read, leads:write, ... ; *:read, *:write and * stand for all. */
            scopes: string[];
            /** @description The first characters, to tell keys apart. */
            start: string;
            /**
             * Format: date-time
             * @description From when on it is refused.
             */
            expiresAt: null | string;
            /**
             * Format: date-time
             * @description When it was revoked.
             */
            revokedAt: null | string;
            /** @description Whether it may make workspaces. */
            installation: boolean;
        };
        ApiKeyCreated: components["schemas"]["ApiKey"] & {
            /** @description The API key. Shown this once. */
            key: string;
        };
        ApiKeyInput: {
            /**
             * @description What it is used for.
             * @example Website sync
             */
            name: string;
            /** @description What it may do: leads:read, leads:write, ... ; *:read, *:write and * stand for all. */
            scopes: string[];
            /**
             * Format: date-time
             * @description From when on it is refused.
             */
            expiresAt?: null | string;
        };
        ApiKeyPage: {
            data: components["schemas"]["ApiKey"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        ApiKeyPatch: {
            /**
             * @description What it is used for.
             * @example Website sync
             */
            name?: null | string;
            /**
             * Format: date-time
             * @description From when on it is refused.
             */
            expiresAt?: null | string;
        };
        Attempt: {
            /**
             * Format: date-time
             * @description When it began.
             */
            at?: string;
            /**
             * @description What came of it. What the other side answered besides its status is not kept.
             * @enum {string}
             */
            result?: "started" | "delivered" | "refused" | "timeout" | "unreachable" | "notAllowed" | "interrupted";
            /**
             * Format: int64
             * @description The answer's HTTP status.
             */
            status?: null | number;
            /**
             * Format: int64
             * @description How long it took, in milliseconds.
             */
            milliseconds?: null | number;
        };
        /** @description Whose clicks and page views do not count as a person's, besides those of known robots. */
        BotRule: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Our own office
             */
            name: null | string;
            /**
             * @description A regular expression that occurs in the browser's own description, in any case; without look-around and back-references.
             * @example AcmeMonitor/\d+
             */
            userAgent: null | string;
            /**
             * @description A network: of IPv4 at least a /24, of IPv6 at least a /48, because that much is kept of an address.
             * @example 198.51.100.0/24
             */
            network: null | string;
            /** @description Whether it is used. */
            active: boolean;
        };
        BotRuleInput: {
            /**
             * @description What people call it.
             * @example Our own office
             */
            name?: null | string;
            /**
             * @description A regular expression that occurs in the browser's own description, in any case; without look-around and back-references.
             * @example AcmeMonitor/\d+
             */
            userAgent?: null | string;
            /**
             * @description A network: of IPv4 at least a /24, of IPv6 at least a /48, because that much is kept of an address.
             * @example 198.51.100.0/24
             */
            network?: null | string;
            /** @description Whether it is used. */
            active?: null | boolean;
        };
        BotRulePage: {
            data: components["schemas"]["BotRule"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        BotRulePatch: {
            /**
             * @description What people call it.
             * @example Our own office
             */
            name?: null | string;
            /**
             * @description A regular expression that occurs in the browser's own description, in any case; without look-around and back-references.
             * @example AcmeMonitor/\d+
             */
            userAgent?: null | string;
            /**
             * @description A network: of IPv4 at least a /24, of IPv6 at least a /48, because that much is kept of an address.
             * @example 198.51.100.0/24
             */
            network?: null | string;
            /** @description Whether it is used. */
            active?: null | boolean;
        };
        BulkLinks: {
            /** @description The links, each as for POST /v1/links. */
            links: unknown[];
        };
        /** @description Links that belong together, and what they cost. */
        Campaign: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Spring fair
             */
            name: string;
            /**
             * Format: date
             * @description First day.
             */
            startsOn: null | string;
            /**
             * Format: date
             * @description Last day.
             */
            endsOn: null | string;
            /** @description What may be spent. */
            budget: components["schemas"]["Money"] | null;
            /** @description What was spent, entry by entry, besides the costs of its links. */
            costs: components["schemas"]["CostEntry"][];
            /** @description What it shall reach. */
            goal: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom: {
                [key: string]: unknown;
            };
        };
        CampaignInput: {
            /**
             * @description What people call it.
             * @example Spring fair
             */
            name: string;
            /**
             * Format: date
             * @description First day.
             */
            startsOn?: null | string;
            /**
             * Format: date
             * @description Last day.
             */
            endsOn?: null | string;
            /** @description What may be spent. */
            budget?: components["schemas"]["Money"] | null;
            /** @description What was spent, entry by entry, besides the costs of its links. */
            costs?: null | components["schemas"]["CostEntry"][];
            /** @description What it shall reach. */
            goal?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        CampaignPage: {
            data: components["schemas"]["Campaign"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        CampaignPatch: {
            /**
             * @description What people call it.
             * @example Spring fair
             */
            name?: null | string;
            /**
             * Format: date
             * @description First day.
             */
            startsOn?: null | string;
            /**
             * Format: date
             * @description Last day.
             */
            endsOn?: null | string;
            /** @description What may be spent. */
            budget?: components["schemas"]["Money"] | null;
            /** @description What was spent, entry by entry, besides the costs of its links. */
            costs?: null | components["schemas"]["CostEntry"][];
            /** @description What it shall reach. */
            goal?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        ChangeChoice: {
            /** @description The id of the proposed change. */
            change: string;
        };
        /** @description Which marketing channel an arrival is. The first rule that fits decides; when none does, GA4's default channel group does. */
        ChannelRule: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Partner newsletters
             */
            name: null | string;
            /**
             * Format: int64
             * @description Rules are tried in this order; of equal ones the older first.
             */
            position: number;
            /**
             * @description The channel: lower-case letters, digits and hyphens.
             * @example partners
             */
            channel: string;
            /**
             * @description utm_source, in any case; * stands for any characters, alone it asks that there is one.
             * @example partner-*
             */
            source: null | string;
            /**
             * @description utm_medium, likewise.
             * @example email
             */
            medium: null | string;
            /** @description utm_campaign, likewise. */
            campaign: null | string;
            /**
             * @description The host of the page before, likewise. None when it was one of the workspace's own sites.
             * @example *.partner.example.org
             */
            referrer: null | string;
            /**
             * @description The name of an advertising network's click id, likewise.
             * @example gclid
             */
            clickId: null | string;
            /** @description Whether it is used. */
            active: boolean;
        };
        ChannelRuleInput: {
            /**
             * @description What people call it.
             * @example Partner newsletters
             */
            name?: null | string;
            /**
             * Format: int64
             * @description Rules are tried in this order; of equal ones the older first.
             */
            position?: null | number;
            /**
             * @description The channel: lower-case letters, digits and hyphens.
             * @example partners
             */
            channel: string;
            /**
             * @description utm_source, in any case; * stands for any characters, alone it asks that there is one.
             * @example partner-*
             */
            source?: null | string;
            /**
             * @description utm_medium, likewise.
             * @example email
             */
            medium?: null | string;
            /** @description utm_campaign, likewise. */
            campaign?: null | string;
            /**
             * @description The host of the page before, likewise. None when it was one of the workspace's own sites.
             * @example *.partner.example.org
             */
            referrer?: null | string;
            /**
             * @description The name of an advertising network's click id, likewise.
             * @example gclid
             */
            clickId?: null | string;
            /** @description Whether it is used. */
            active?: null | boolean;
        };
        ChannelRulePage: {
            data: components["schemas"]["ChannelRule"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        ChannelRulePatch: {
            /**
             * @description What people call it.
             * @example Partner newsletters
             */
            name?: null | string;
            /**
             * Format: int64
             * @description Rules are tried in this order; of equal ones the older first.
             */
            position?: null | number;
            /**
             * @description The channel: lower-case letters, digits and hyphens.
             * @example partners
             */
            channel?: null | string;
            /**
             * @description utm_source, in any case; * stands for any characters, alone it asks that there is one.
             * @example partner-*
             */
            source?: null | string;
            /**
             * @description utm_medium, likewise.
             * @example email
             */
            medium?: null | string;
            /** @description utm_campaign, likewise. */
            campaign?: null | string;
            /**
             * @description The host of the page before, likewise. None when it was one of the workspace's own sites.
             * @example *.partner.example.org
             */
            referrer?: null | string;
            /**
             * @description The name of an advertising network's click id, likewise.
             * @example gclid
             */
            clickId?: null | string;
            /** @description Whether it is used. */
            active?: null | boolean;
        };
        /** @description Somebody followed a tracked link. */
        Click: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The link. */
            link: null | string;
            /** @description The link's campaign then. */
            campaign: null | string;
            /** @description The link's affiliate then. */
            affiliate: null | string;
            /** @description The lead who clicked: named by his own link, or by the form that he sent afterwards. */
            lead: null | string;
            /** @description The marketing channel. */
            channel: null | string;
            /** @description Whether it counts as a person's. */
            human: boolean;
            /** @description Whether the browser brought no earlier click of this workspace: a visitor who is new by links. */
            first: boolean;
            /** @description Why it does not count as a person's. */
            signals: string[];
            /** @description Host of the page the link was on. */
            referrer: null | string;
            /** @description The browser's own description. */
            userAgent: null | string;
            /** @description Network of the address: /24 or /48. */
            ip: null | string;
            /** @description Click ids of advertising networks, exactly as they came: name=value. None when the visitor asks not to be tracked. */
            clickIds: string[];
            /** @description UTM parameters of the destination; none when it has none. */
            utm: components["schemas"]["Utm"] | null;
            /** @description What the affiliate's network said of the click in the link's parameters: name=value. None when the visitor asks not to be tracked. */
            network: string[];
        };
        ClickPage: {
            data: components["schemas"]["Click"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        /** @description What an affiliate earned by one lead or conversion, with the rule and the facts it was computed from. */
        Commission: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Who earned it. */
            affiliate: null | string;
            /**
             * @description Pending until the team approves it; then paid. Reversed when what it rewards was taken back.
             * @enum {string}
             */
            status: "pending" | "approved" | "paid" | "reversed";
            /** @description How much. Negative for a paid one that was taken back. */
            amount: components["schemas"]["Money"] | null;
            /** @description The conversion it rewards. */
            conversion: null | string;
            /** @description The lead it rewards, or whose conversion it was. */
            lead: null | string;
            /** @description The click that brought the person. */
            click: null | string;
            /** @description What was rewarded: lead, or the conversion's type. */
            on: string;
            /** @description The conversion's value. */
            value: components["schemas"]["Money"] | null;
            /**
             * Format: date-time
             * @description When it was clicked, or when the first contact was.
             */
            since: null | string;
            /**
             * Format: int64
             * @description The how manieth of its kind in that month.
             */
            position: number;
            /** @description Whether it was the person's first. */
            first: boolean;
            /**
             * Format: int64
             * @description The how manieth of its kind of this person; 1 when the person is not known.
             */
            nth: number;
            /**
             * Format: date-time
             * @description When the person's first of its kind was.
             */
            firstAt: null | string;
            /** @description Whether it is owed for having brought the customer: something else led to this very conversion. */
            byCustomer: boolean;
            /** @description The rule as it was when the amount was computed. */
            rule: components["schemas"]["CommissionRule"] | null;
            /** @description In a sentence, what it was computed from. */
            why: null | string;
            /**
             * Format: date-time
             * @description When it was paid.
             */
            paidAt: null | string;
            /** @description What the payment is known by. */
            payment: null | string;
            /** @description The paid commission that this one takes back. */
            reverses: null | string;
            /** @description The link it is owed to. */
            link: null | string;
            /** @description The campaign. */
            campaign: null | string;
            /** @description The marketing channel. */
            channel: null | string;
        };
        CommissionPage: {
            data: components["schemas"]["Commission"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        CommissionRule: {
            /**
             * @description What is rewarded: lead for a new lead, or a conversion's type.
             * @example sale
             */
            on?: string;
            /**
             * Format: int64
             * @description A share of the value, in hundredths of a percent: 750 is 7.5 %.
             */
            share?: null | number;
            /** @description A fixed amount, instead of a share or in addition to it. */
            amount?: components["schemas"]["Money"] | null;
            /**
             * Format: int64
             * @description For tiers: counts from so many in a calendar month (UTC) on.
             */
            from?: number;
            /**
             * Format: int64
             * @description Counts only so many days after the click, or after the first contact when there was none.
             */
            windowDays?: null | number;
            /**
             * @description Which of one person are rewarded: all (always), the first only, or the later ones (recurring), whatever led to these.
             * @enum {string}
             */
            repeat?: "always" | "firstOnly" | "recurring";
            /**
             * Format: int64
             * @description With recurring: at most so many later ones of each person.
             */
            times?: null | number;
            /**
             * Format: int64
             * @description With recurring: only so many months after the person's first.
             */
            months?: null | number;
        };
        Consent: {
            /** @description What for: email-marketing, analytics, ads, ... */
            purpose?: string;
            /** @description Agreed or refused. */
            granted?: boolean;
            /** @description Lawful basis: consent, legitimate-interest, contract, legal-obligation. */
            basis?: string;
            /** @description The exact text that was shown. */
            text?: null | string;
            /**
             * Format: date-time
             * @description When.
             */
            at?: string;
            /** @description The submission that holds the proof. */
            submission?: null | string;
            /** @description The page it was given on. */
            page?: null | string;
        };
        /** @description Something that counts: a sale, a booking, a call that was asked for. */
        Conversion: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What it was.
             * @example sale
             */
            type: string;
            /**
             * @description The shop's own number of it. The same type and number are one conversion, however often they are sent.
             * @example A-1001
             */
            orderId: null | string;
            /** @description What it is worth. */
            value: components["schemas"]["Money"] | null;
            /** @description The lead. */
            lead: null | string;
            /** @description The signed click that the destination got as crm_click. Kept as the click's id. */
            click: null | string;
            /** @description The link it is owed to. */
            link: null | string;
            /** @description The campaign. */
            campaign: null | string;
            /** @description The affiliate. */
            affiliate: null | string;
            /** @description The marketing channel. */
            channel: null | string;
            /** @description The customer, when it was a sale to a known lead. */
            customer: null | string;
            /**
             * Format: date-time
             * @description When it was taken back: it counts no more.
             */
            reversedAt: null | string;
            /** @description Whether a page told it, so that anybody may have said it: when the shop itself or a network tells the same order, that takes its place. */
            byPage: boolean;
            /** @description The conversion that took its place. */
            replacedBy: null | string;
        };
        ConversionInput: {
            /**
             * @description What it was.
             * @example sale
             */
            type?: null | string;
            /**
             * @description The shop's own number of it. The same type and number are one conversion, however often they are sent.
             * @example A-1001
             */
            orderId?: null | string;
            /** @description What it is worth. */
            value?: components["schemas"]["Money"] | null;
            /** @description The lead. */
            lead?: null | string;
            /** @description The signed click that the destination got as crm_click. Kept as the click's id. */
            click?: null | string;
        };
        ConversionPage: {
            data: components["schemas"]["Conversion"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        CostEntry: {
            /**
             * Format: date
             * @description When it was spent.
             */
            on: string;
            amount: components["schemas"]["Money"];
            /** @description What for. */
            note?: null | string;
        };
        /** @description A field that this workspace adds to a resource; found under custom, in forms, filters, sorting and search. */
        CustomField: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description The resource it belongs to, by its singular name.
             * @example lead
             */
            for: string;
            /**
             * @description How it is written in custom: a letter, then letters, digits and underscores.
             * @example budget
             */
            name: string;
            /**
             * @description What kind of value it takes.
             * @enum {string}
             */
            kind: "text" | "longText" | "integer" | "number" | "boolean" | "date" | "dateTime" | "email" | "phone" | "url" | "choice" | "choices";
            /**
             * @description What people see.
             * @example Budget in euros
             */
            label: null | string;
            /** @description Whether forms that map to it must have a value. */
            required: boolean;
            /** @description The allowed words of a choice. */
            choices: string[];
            /**
             * Format: int64
             * @description The longest text in characters.
             */
            maxLength: null | number;
            /**
             * Format: int64
             * @description The smallest number.
             */
            minimum: null | number;
            /**
             * Format: int64
             * @description The largest number.
             */
            maximum: null | number;
        };
        CustomFieldInput: {
            /**
             * @description The resource it belongs to, by its singular name.
             * @example lead
             */
            for: string;
            /**
             * @description How it is written in custom: a letter, then letters, digits and underscores.
             * @example budget
             */
            name: string;
            /**
             * @description What kind of value it takes.
             * @enum {string}
             */
            kind: "text" | "longText" | "integer" | "number" | "boolean" | "date" | "dateTime" | "email" | "phone" | "url" | "choice" | "choices";
            /**
             * @description What people see.
             * @example Budget in euros
             */
            label?: null | string;
            /** @description Whether forms that map to it must have a value. */
            required?: null | boolean;
            /** @description The allowed words of a choice. */
            choices?: null | string[];
            /**
             * Format: int64
             * @description The longest text in characters.
             */
            maxLength?: null | number;
            /**
             * Format: int64
             * @description The smallest number.
             */
            minimum?: null | number;
            /**
             * Format: int64
             * @description The largest number.
             */
            maximum?: null | number;
        };
        CustomFieldPage: {
            data: components["schemas"]["CustomField"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        CustomFieldPatch: {
            /**
             * @description What people see.
             * @example Budget in euros
             */
            label?: null | string;
            /** @description Whether forms that map to it must have a value. */
            required?: null | boolean;
            /** @description The allowed words of a choice. */
            choices?: null | string[];
            /**
             * Format: int64
             * @description The longest text in characters.
             */
            maxLength?: null | number;
            /**
             * Format: int64
             * @description The smallest number.
             */
            minimum?: null | number;
            /**
             * Format: int64
             * @description The largest number.
             */
            maximum?: null | number;
        };
        /** @description A person or an organisation that bought. E-mail addresses and phone numbers belong to one customer each. */
        Customer: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description Form of address.
             * @example Dr.
             */
            salutation: null | string;
            /**
             * @description Given name.
             * @example Ana
             */
            firstName: null | string;
            /** @description Names between the first and the last. */
            middleName: null | string;
            /**
             * @description Family name.
             * @example Silva
             */
            lastName: null | string;
            /** @description E-mail addresses; one is primary. */
            emails: components["schemas"]["EmailEntry"][];
            /** @description Phone numbers in E.164 form; one is primary. */
            phones: components["schemas"]["PhoneEntry"][];
            /**
             * @description Where the person works.
             * @example Silva Ltda
             */
            company: null | string;
            /**
             * @description What the person does there.
             * @example Buyer
             */
            jobTitle: null | string;
            /** @description Postal address. */
            address: components["schemas"]["Address"] | null;
            /**
             * @description Preferred language (BCP 47).
             * @example pt-BR
             */
            language: null | string;
            /**
             * @description IANA time zone.
             * @example America/Sao_Paulo
             */
            timeZone: null | string;
            /**
             * @description When a call is welcome, in the person's words.
             * @example weekdays after 18:00
             */
            bestTimeToCall: null | string;
            /**
             * @description A person, or an organisation whose contact the person is.
             * @enum {string}
             */
            kind: "person" | "organisation";
            /**
             * @description The number that authorities or the shop know the customer by.
             * @example 12.345.678/0001-95
             */
            taxId: null | string;
            /** @description The member who looks after the customer. */
            owner: null | string;
            /** @description Words to group customers by. */
            tags: string[];
            /** @description What the team should know. */
            notes: null | string;
            /**
             * Format: date-time
             * @description Since when. The moment of the first conversion unless the team says otherwise.
             */
            since: null | string;
            /** @description The lead that became this customer. */
            lead: null | string;
            /** @description What the lead agreed to or refused, up to the moment it became a customer. */
            consent: components["schemas"]["Consent"][];
            /** @description What brought the lead here. */
            source: components["schemas"]["LeadSource"] | null;
            /** @description The first contact that is known. */
            firstTouch: components["schemas"]["LeadTouch"] | null;
            /** @description The last contact before it became a customer. */
            lastTouch: components["schemas"]["LeadTouch"] | null;
            /** @description Where the lead's values came from and when. */
            provenance: components["schemas"]["Provenance"][];
            /** @description The workspace's own fields by name; see custom-fields. */
            custom: {
                [key: string]: unknown;
            };
        };
        CustomerInput: {
            /**
             * @description Form of address.
             * @example Dr.
             */
            salutation?: null | string;
            /**
             * @description Given name.
             * @example Ana
             */
            firstName?: null | string;
            /** @description Names between the first and the last. */
            middleName?: null | string;
            /**
             * @description Family name.
             * @example Silva
             */
            lastName?: null | string;
            /** @description E-mail addresses; one is primary. */
            emails?: null | components["schemas"]["EmailEntry"][];
            /** @description Phone numbers in E.164 form; one is primary. */
            phones?: null | components["schemas"]["PhoneEntry"][];
            /**
             * @description Where the person works.
             * @example Silva Ltda
             */
            company?: null | string;
            /**
             * @description What the person does there.
             * @example Buyer
             */
            jobTitle?: null | string;
            /** @description Postal address. */
            address?: components["schemas"]["Address"] | null;
            /**
             * @description Preferred language (BCP 47).
             * @example pt-BR
             */
            language?: null | string;
            /**
             * @description IANA time zone.
             * @example America/Sao_Paulo
             */
            timeZone?: null | string;
            /**
             * @description When a call is welcome, in the person's words.
             * @example weekdays after 18:00
             */
            bestTimeToCall?: null | string;
            /**
             * @description A person, or an organisation whose contact the person is.
             * @enum {null|string}
             */
            kind?: "person" | "organisation" | null;
            /**
             * @description The number that authorities or the shop know the customer by.
             * @example 12.345.678/0001-95
             */
            taxId?: null | string;
            /** @description The member who looks after the customer. */
            owner?: null | string;
            /** @description Words to group customers by. */
            tags?: null | string[];
            /** @description What the team should know. */
            notes?: null | string;
            /**
             * Format: date-time
             * @description Since when. The moment of the first conversion unless the team says otherwise.
             */
            since?: null | string;
            /** @description The primary e-mail address. */
            email?: null | string;
            /** @description The primary phone number. */
            phone?: null | string;
            /** @description The full name, split into first and last. */
            name?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        CustomerPage: {
            data: components["schemas"]["Customer"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        CustomerPatch: {
            /**
             * @description Form of address.
             * @example Dr.
             */
            salutation?: null | string;
            /**
             * @description Given name.
             * @example Ana
             */
            firstName?: null | string;
            /** @description Names between the first and the last. */
            middleName?: null | string;
            /**
             * @description Family name.
             * @example Silva
             */
            lastName?: null | string;
            /** @description E-mail addresses; one is primary. */
            emails?: null | components["schemas"]["EmailEntry"][];
            /** @description Phone numbers in E.164 form; one is primary. */
            phones?: null | components["schemas"]["PhoneEntry"][];
            /**
             * @description Where the person works.
             * @example Silva Ltda
             */
            company?: null | string;
            /**
             * @description What the person does there.
             * @example Buyer
             */
            jobTitle?: null | string;
            /** @description Postal address. */
            address?: components["schemas"]["Address"] | null;
            /**
             * @description Preferred language (BCP 47).
             * @example pt-BR
             */
            language?: null | string;
            /**
             * @description IANA time zone.
             * @example America/Sao_Paulo
             */
            timeZone?: null | string;
            /**
             * @description When a call is welcome, in the person's words.
             * @example weekdays after 18:00
             */
            bestTimeToCall?: null | string;
            /**
             * @description A person, or an organisation whose contact the person is.
             * @enum {null|string}
             */
            kind?: "person" | "organisation" | null;
            /**
             * @description The number that authorities or the shop know the customer by.
             * @example 12.345.678/0001-95
             */
            taxId?: null | string;
            /** @description The member who looks after the customer. */
            owner?: null | string;
            /** @description Words to group customers by. */
            tags?: null | string[];
            /** @description What the team should know. */
            notes?: null | string;
            /**
             * Format: date-time
             * @description Since when. The moment of the first conversion unless the team says otherwise.
             */
            since?: null | string;
            /** @description The primary e-mail address. */
            email?: null | string;
            /** @description The primary phone number. */
            phone?: null | string;
            /** @description The full name, split into first and last. */
            name?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        /** @description A message to another system: what it tells, whether it arrived, and every try. */
        Delivery: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The postback that it is a call of. */
            postback: null | string;
            /**
             * @description What it tells of: lead, a conversion's type, conversion.reversed, commission.approved, ...
             * @example sale
             */
            event: string;
            /** @description The id of the record it tells of. */
            subject: string;
            /** @description The address, complete. */
            url: string;
            /** @description The address's host, with its port unless that is the usual one. */
            host: string;
            /**
             * @description Waiting, delivered, failed (will be tried again) or dead (given up).
             * @enum {string}
             */
            status: "waiting" | "delivered" | "failed" | "dead";
            /**
             * Format: date-time
             * @description When it is tried next; while it is being tried, when another node may take it over. None when it is delivered or dead.
             */
            dueAt: null | string;
            /**
             * Format: int64
             * @description Tries since it was made, or retried by hand.
             */
            attempts: number;
            /**
             * Format: date-time
             * @description When it arrived.
             */
            deliveredAt: null | string;
            /** @description Why it was given up: attempts_used, gone, not_allowed, endpoint_inactive or address_too_long. */
            reason: null | string;
            /** @description The latest tries, the last one last. */
            log: components["schemas"]["Attempt"][];
        };
        DeliveryPage: {
            data: components["schemas"]["Delivery"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        DocumentSet: {
            /** @description An object of texts by their ids, as the Relay compiler writes it, or a manifest with operations of id and body, as Apollo's tools do. */
            documents: unknown;
        };
        EmailEntry: {
            /**
             * Format: email
             * @description The address as written by its owner.
             * @example ana@silva.example.org
             */
            address: string;
            /**
             * @description Where it is used.
             * @enum {string}
             */
            kind?: "work" | "home" | "other";
            /** @description Whether it is the one to write to. */
            primary?: boolean;
        };
        /** @description Something that happened. Never changed, written in the same commit as its cause. */
        Event: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * Format: int64
             * @description Its place among the workspace's events, in the order in which they were committed: 1, 2, 3, without gaps. Who has seen one never meets a new one before it. null for at most a moment, on a database that numbers behind the commit.
             */
            position: null | number;
            /**
             * @description What happened: the resource and a verb in the past. Filters find it among also as well.
             * @example lead.created
             */
            type: string;
            /** @description What else it was: further types that the same event has. */
            also: string[];
            /** @description The id of the record it happened to. */
            subject: string;
            /** @description Ids of other records it concerns. */
            related: string[];
            /** @description Who caused it: an api key, a form or the system. */
            by: string;
            /** @description What there is to say about it. */
            data: unknown;
        };
        EventPage: {
            data: components["schemas"]["Event"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        FileNote: {
            /** @description The field. */
            field?: string;
            /** @description The file's name on the visitor's machine. */
            name?: string;
            /** @description Its media type as sent. */
            contentType?: null | string;
            /**
             * Format: int64
             * @description Bytes.
             */
            size?: number;
        };
        /** @description What a website may post and what becomes of it. */
        Form: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Contact
             */
            name: string;
            /** @description Names the form in its public address; random. */
            key: string;
            /**
             * @description Only a published form accepts posts; the others keep them as rejected, and they can be processed again.
             * @enum {string}
             */
            status: "published" | "draft" | "closed";
            /** @description The website it stands on; its allowed origins count too. */
            site: null | string;
            /** @description The fields, in order. */
            fields: components["schemas"]["FormField"][];
            /** @description Origins whose pages may post it. Empty here and at the site: any page may. */
            allowedOrigins: string[];
            /** @description Hosts that _next may lead to besides those of the allowed origins. */
            allowedRedirectHosts: string[];
            /**
             * @description What to do when the person is already a lead.
             * @enum {string}
             */
            duplicatePolicy: "merge" | "quarantine" | "reject";
            /**
             * @description What a post may do to a known lead.
             * @enum {string}
             */
            mergePolicy: "fillEmpty" | "proposeAll";
            thankYou: components["schemas"]["ThankYou"];
            /** @description The member who gets new leads of the form. */
            owner: null | string;
            /** @description Tags for its leads. */
            tags: string[];
            /** @description A field that people do not see; a post that fills it is put into quarantine. */
            honeypot: string;
            /**
             * Format: int64
             * @description Posts that come sooner after the page was served are put into quarantine. Counts only where a page carries our signed time.
             */
            minimumFillSeconds: number;
            /** @description Keep the visitor's whole IP address instead of its network (/24, /48). */
            keepFullIp: boolean;
            /**
             * @description Language of the hosted page (BCP 47).
             * @example en
             */
            language: string;
        };
        FormField: {
            /**
             * @description As in the page's name attribute.
             * @example email
             */
            name: string;
            /**
             * @description What people see; the name when empty.
             * @example E-mail
             */
            label?: null | string;
            /**
             * @description What kind of value it takes.
             * @enum {string}
             */
            kind?: "text" | "longText" | "email" | "phone" | "url" | "integer" | "number" | "boolean" | "date" | "choice" | "choices" | "consent" | "hidden";
            /** @description Whether it must have a value. */
            required?: boolean;
            /** @description The allowed words of a choice. */
            choices?: string[];
            /**
             * Format: int64
             * @description The longest text in characters; 8,192 when empty (32,768 for long text).
             */
            maxLength?: null | number;
            /**
             * Format: int64
             * @description The smallest number.
             */
            minimum?: null | number;
            /**
             * Format: int64
             * @description The largest number.
             */
            maximum?: null | number;
            /**
             * @description The lead's field that takes the value: email, phone, name, firstName, company, message, address.city, custom.budget, ... Empty: it stays in the submission only.
             * @example email
             */
            mapsTo?: null | string;
            /**
             * @description For consent: what for.
             * @example email-marketing
             */
            purpose?: null | string;
            /** @description Help below the field; for consent the exact text that is agreed to. */
            help?: null | string;
            /**
             * @description What the browser may fill in (the autocomplete attribute).
             * @example email
             */
            autocomplete?: null | string;
        };
        FormInput: {
            /**
             * @description What people call it.
             * @example Contact
             */
            name: string;
            /**
             * @description Only a published form accepts posts; the others keep them as rejected, and they can be processed again.
             * @enum {null|string}
             */
            status?: "published" | "draft" | "closed" | null;
            /** @description The website it stands on; its allowed origins count too. */
            site?: null | string;
            /** @description The fields, in order. */
            fields?: null | components["schemas"]["FormField"][];
            /** @description Origins whose pages may post it. Empty here and at the site: any page may. */
            allowedOrigins?: null | string[];
            /** @description Hosts that _next may lead to besides those of the allowed origins. */
            allowedRedirectHosts?: null | string[];
            /**
             * @description What to do when the person is already a lead.
             * @enum {null|string}
             */
            duplicatePolicy?: "merge" | "quarantine" | "reject" | null;
            /**
             * @description What a post may do to a known lead.
             * @enum {null|string}
             */
            mergePolicy?: "fillEmpty" | "proposeAll" | null;
            /** @description What the visitor sees afterwards. */
            thankYou?: components["schemas"]["ThankYou"] | null;
            /** @description The member who gets new leads of the form. */
            owner?: null | string;
            /** @description Tags for its leads. */
            tags?: null | string[];
            /** @description A field that people do not see; a post that fills it is put into quarantine. */
            honeypot?: null | string;
            /**
             * Format: int64
             * @description Posts that come sooner after the page was served are put into quarantine. Counts only where a page carries our signed time.
             */
            minimumFillSeconds?: null | number;
            /** @description Keep the visitor's whole IP address instead of its network (/24, /48). */
            keepFullIp?: null | boolean;
            /**
             * @description Language of the hosted page (BCP 47).
             * @example en
             */
            language?: null | string;
        };
        FormPage: {
            data: components["schemas"]["Form"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        FormPatch: {
            /**
             * @description What people call it.
             * @example Contact
             */
            name?: null | string;
            /**
             * @description Only a published form accepts posts; the others keep them as rejected, and they can be processed again.
             * @enum {null|string}
             */
            status?: "published" | "draft" | "closed" | null;
            /** @description The website it stands on; its allowed origins count too. */
            site?: null | string;
            /** @description The fields, in order. */
            fields?: null | components["schemas"]["FormField"][];
            /** @description Origins whose pages may post it. Empty here and at the site: any page may. */
            allowedOrigins?: null | string[];
            /** @description Hosts that _next may lead to besides those of the allowed origins. */
            allowedRedirectHosts?: null | string[];
            /**
             * @description What to do when the person is already a lead.
             * @enum {null|string}
             */
            duplicatePolicy?: "merge" | "quarantine" | "reject" | null;
            /**
             * @description What a post may do to a known lead.
             * @enum {null|string}
             */
            mergePolicy?: "fillEmpty" | "proposeAll" | null;
            /** @description What the visitor sees afterwards. */
            thankYou?: components["schemas"]["ThankYou"] | null;
            /** @description The member who gets new leads of the form. */
            owner?: null | string;
            /** @description Tags for its leads. */
            tags?: null | string[];
            /** @description A field that people do not see; a post that fills it is put into quarantine. */
            honeypot?: null | string;
            /**
             * Format: int64
             * @description Posts that come sooner after the page was served are put into quarantine. Counts only where a page carries our signed time.
             */
            minimumFillSeconds?: null | number;
            /** @description Keep the visitor's whole IP address instead of its network (/24, /48). */
            keepFullIp?: null | boolean;
            /**
             * @description Language of the hosted page (BCP 47).
             * @example en
             */
            language?: null | string;
        };
        /** @description A person who is not yet a customer. One person is one lead: e-mail addresses and phone numbers belong to one lead each. */
        Lead: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description Form of address.
             * @example Dr.
             */
            salutation: null | string;
            /**
             * @description Given name.
             * @example Ana
             */
            firstName: null | string;
            /** @description Names between the first and the last. */
            middleName: null | string;
            /**
             * @description Family name.
             * @example Silva
             */
            lastName: null | string;
            /** @description E-mail addresses; one is primary. */
            emails: components["schemas"]["EmailEntry"][];
            /** @description Phone numbers in E.164 form; one is primary. */
            phones: components["schemas"]["PhoneEntry"][];
            /**
             * @description Where the person works.
             * @example Silva Ltda
             */
            company: null | string;
            /**
             * @description What the person does there.
             * @example Buyer
             */
            jobTitle: null | string;
            /** @description Postal address. */
            address: components["schemas"]["Address"] | null;
            /**
             * @description Preferred language (BCP 47).
             * @example pt-BR
             */
            language: null | string;
            /**
             * @description IANA time zone.
             * @example America/Sao_Paulo
             */
            timeZone: null | string;
            /**
             * @description When a call is welcome, in the person's words.
             * @example weekdays after 18:00
             */
            bestTimeToCall: null | string;
            /**
             * @description The person's id in another system, such as a shop.
             * @example user_1001
             */
            externalId: null | string;
            /**
             * @description What the person is interested in.
             * @example Solar panels
             */
            interest: null | string;
            /** @description The person's first message. */
            message: null | string;
            /**
             * @description How far it got.
             * @enum {string}
             */
            status: "new" | "working" | "qualified" | "unqualified" | "converted";
            /**
             * Format: int64
             * @description How promising it is.
             */
            score: number;
            /** @description The member who looks after the lead. */
            owner: null | string;
            /** @description Words to group leads by. */
            tags: string[];
            /** @description What the person agreed to or refused, and when; only grows. */
            consent: components["schemas"]["Consent"][];
            /** @description What brought the lead here. */
            source: components["schemas"]["LeadSource"] | null;
            /** @description The first contact that is known. */
            firstTouch: components["schemas"]["LeadTouch"] | null;
            /** @description The last contact. */
            lastTouch: components["schemas"]["LeadTouch"] | null;
            /** @description The customer that the lead became. */
            customer: null | string;
            /** @description Values that somebody sent and that differ from what is known; a member accepts or dismisses them. */
            proposedChanges: components["schemas"]["ProposedChange"][];
            /** @description Where each value came from and when. */
            provenance: components["schemas"]["Provenance"][];
            /** @description Leads that were merged into this one. */
            mergedFrom: string[];
            /** @description The workspace's own fields by name; see custom-fields. */
            custom: {
                [key: string]: unknown;
            };
        };
        LeadInput: {
            /**
             * @description Form of address.
             * @example Dr.
             */
            salutation?: null | string;
            /**
             * @description Given name.
             * @example Ana
             */
            firstName?: null | string;
            /** @description Names between the first and the last. */
            middleName?: null | string;
            /**
             * @description Family name.
             * @example Silva
             */
            lastName?: null | string;
            /** @description E-mail addresses; one is primary. */
            emails?: null | components["schemas"]["EmailEntry"][];
            /** @description Phone numbers in E.164 form; one is primary. */
            phones?: null | components["schemas"]["PhoneEntry"][];
            /**
             * @description Where the person works.
             * @example Silva Ltda
             */
            company?: null | string;
            /**
             * @description What the person does there.
             * @example Buyer
             */
            jobTitle?: null | string;
            /** @description Postal address. */
            address?: components["schemas"]["Address"] | null;
            /**
             * @description Preferred language (BCP 47).
             * @example pt-BR
             */
            language?: null | string;
            /**
             * @description IANA time zone.
             * @example America/Sao_Paulo
             */
            timeZone?: null | string;
            /**
             * @description When a call is welcome, in the person's words.
             * @example weekdays after 18:00
             */
            bestTimeToCall?: null | string;
            /**
             * @description The person's id in another system, such as a shop.
             * @example user_1001
             */
            externalId?: null | string;
            /**
             * @description What the person is interested in.
             * @example Solar panels
             */
            interest?: null | string;
            /** @description The person's first message. */
            message?: null | string;
            /**
             * @description How far it got.
             * @enum {null|string}
             */
            status?: "new" | "working" | "qualified" | "unqualified" | "converted" | null;
            /**
             * Format: int64
             * @description How promising it is.
             */
            score?: null | number;
            /** @description The member who looks after the lead. */
            owner?: null | string;
            /** @description Words to group leads by. */
            tags?: null | string[];
            /** @description The primary e-mail address. */
            email?: null | string;
            /** @description The primary phone number. */
            phone?: null | string;
            /** @description The full name, split into first and last. */
            name?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        LeadPage: {
            data: components["schemas"]["Lead"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        LeadPatch: {
            /**
             * @description Form of address.
             * @example Dr.
             */
            salutation?: null | string;
            /**
             * @description Given name.
             * @example Ana
             */
            firstName?: null | string;
            /** @description Names between the first and the last. */
            middleName?: null | string;
            /**
             * @description Family name.
             * @example Silva
             */
            lastName?: null | string;
            /** @description E-mail addresses; one is primary. */
            emails?: null | components["schemas"]["EmailEntry"][];
            /** @description Phone numbers in E.164 form; one is primary. */
            phones?: null | components["schemas"]["PhoneEntry"][];
            /**
             * @description Where the person works.
             * @example Silva Ltda
             */
            company?: null | string;
            /**
             * @description What the person does there.
             * @example Buyer
             */
            jobTitle?: null | string;
            /** @description Postal address. */
            address?: components["schemas"]["Address"] | null;
            /**
             * @description Preferred language (BCP 47).
             * @example pt-BR
             */
            language?: null | string;
            /**
             * @description IANA time zone.
             * @example America/Sao_Paulo
             */
            timeZone?: null | string;
            /**
             * @description When a call is welcome, in the person's words.
             * @example weekdays after 18:00
             */
            bestTimeToCall?: null | string;
            /**
             * @description The person's id in another system, such as a shop.
             * @example user_1001
             */
            externalId?: null | string;
            /**
             * @description What the person is interested in.
             * @example Solar panels
             */
            interest?: null | string;
            /** @description The person's first message. */
            message?: null | string;
            /**
             * @description How far it got.
             * @enum {null|string}
             */
            status?: "new" | "working" | "qualified" | "unqualified" | "converted" | null;
            /**
             * Format: int64
             * @description How promising it is.
             */
            score?: null | number;
            /** @description The member who looks after the lead. */
            owner?: null | string;
            /** @description Words to group leads by. */
            tags?: null | string[];
            /** @description The primary e-mail address. */
            email?: null | string;
            /** @description The primary phone number. */
            phone?: null | string;
            /** @description The full name, split into first and last. */
            name?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        LeadSource: {
            /** @description The form. */
            form?: null | string;
            /** @description The tracked link. */
            link?: null | string;
            /** @description The campaign. */
            campaign?: null | string;
            /** @description The affiliate. */
            affiliate?: null | string;
            /**
             * @description The marketing channel, by the rules of GA4's default channel group.
             * @example organic-search
             */
            channel?: null | string;
            utm?: components["schemas"]["Utm"];
            /** @description Host of the page that led here. */
            referrer?: null | string;
            /** @description The page of the form. */
            page?: null | string;
        };
        LeadTouch: {
            /**
             * Format: date-time
             * @description When.
             */
            at?: string;
            /** @description What kind of contact: form, click, view, call, visit. */
            kind?: string;
            /** @description The submission, when it was a form. */
            submission?: null | string;
            /** @description The click that led to it, when it came by a tracked link. */
            click?: null | string;
            /** @description The marketing channel. */
            channel?: null | string;
            utm?: components["schemas"]["Utm"];
            /** @description Click ids of advertising networks, exactly as they came: name=value. */
            clickIds?: string[];
            /** @description Host of the page that led here. */
            referrer?: null | string;
            /** @description The page. */
            page?: null | string;
        };
        /** @description A tracked link: /l/{slug} leads to its destination and counts. */
        Link: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description The last part of its address: letters, digits, - and _. Made when it is not given.
             * @example spring
             */
            slug: string;
            /**
             * Format: uri
             * @description Where it leads.
             * @example https://www.silva.example.org/offer
             */
            destination: string;
            /**
             * @description What people call it.
             * @example Newsletter, top
             */
            name: null | string;
            /** @description The campaign it belongs to. */
            campaign: null | string;
            /** @description The affiliate who shows it. */
            affiliate: null | string;
            /**
             * @description The marketing channel; empty: told from what the visitor brings.
             * @example email
             */
            channel: null | string;
            /** @description Parameters added to the destination: name=value. */
            parameters: string[];
            /**
             * Format: date-time
             * @description When it stops leading anywhere.
             */
            expiresAt: null | string;
            /** @description Whether it leads anywhere. */
            active: boolean;
            /** @description What it cost by itself, as an advertisement does, entry by entry. It counts for its campaign too. */
            costs: components["schemas"]["CostEntry"][];
        };
        LinkInput: {
            /**
             * @description The last part of its address: letters, digits, - and _. Made when it is not given.
             * @example spring
             */
            slug?: null | string;
            /**
             * Format: uri
             * @description Where it leads.
             * @example https://www.silva.example.org/offer
             */
            destination: string;
            /**
             * @description What people call it.
             * @example Newsletter, top
             */
            name?: null | string;
            /** @description The campaign it belongs to. */
            campaign?: null | string;
            /** @description The affiliate who shows it. */
            affiliate?: null | string;
            /**
             * @description The marketing channel; empty: told from what the visitor brings.
             * @example email
             */
            channel?: null | string;
            /** @description Parameters added to the destination: name=value. */
            parameters?: null | string[];
            /**
             * Format: date-time
             * @description When it stops leading anywhere.
             */
            expiresAt?: null | string;
            /** @description Whether it leads anywhere. */
            active?: null | boolean;
            /** @description What it cost by itself, as an advertisement does, entry by entry. It counts for its campaign too. */
            costs?: null | components["schemas"]["CostEntry"][];
        };
        LinkPage: {
            data: components["schemas"]["Link"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        LinkPatch: {
            /**
             * @description The last part of its address: letters, digits, - and _. Made when it is not given.
             * @example spring
             */
            slug?: null | string;
            /**
             * Format: uri
             * @description Where it leads.
             * @example https://www.silva.example.org/offer
             */
            destination?: null | string;
            /**
             * @description What people call it.
             * @example Newsletter, top
             */
            name?: null | string;
            /** @description The campaign it belongs to. */
            campaign?: null | string;
            /** @description The affiliate who shows it. */
            affiliate?: null | string;
            /**
             * @description The marketing channel; empty: told from what the visitor brings.
             * @example email
             */
            channel?: null | string;
            /** @description Parameters added to the destination: name=value. */
            parameters?: null | string[];
            /**
             * Format: date-time
             * @description When it stops leading anywhere.
             */
            expiresAt?: null | string;
            /** @description Whether it leads anywhere. */
            active?: null | boolean;
            /** @description What it cost by itself, as an advertisement does, entry by entry. It counts for its campaign too. */
            costs?: null | components["schemas"]["CostEntry"][];
        };
        /** @description A person who works here; leads can have one as owner. */
        Member: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description Full name.
             * @example Bia Costa
             */
            name: string;
            /**
             * Format: email
             * @description E-mail address; one member each.
             * @example bia@silva.example.org
             */
            email: string;
            /**
             * @description What the member may do once people sign in.
             * @enum {string}
             */
            role: "admin" | "member" | "viewer";
            /** @description Off for someone who left: keeps what he did, gets nothing new. */
            active: boolean;
        };
        MemberInput: {
            /**
             * @description Full name.
             * @example Bia Costa
             */
            name: string;
            /**
             * Format: email
             * @description E-mail address; one member each.
             * @example bia@silva.example.org
             */
            email: string;
            /**
             * @description What the member may do once people sign in.
             * @enum {null|string}
             */
            role?: "admin" | "member" | "viewer" | null;
            /** @description Off for someone who left: keeps what he did, gets nothing new. */
            active?: null | boolean;
        };
        MemberPage: {
            data: components["schemas"]["Member"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        MemberPatch: {
            /**
             * @description Full name.
             * @example Bia Costa
             */
            name?: null | string;
            /**
             * Format: email
             * @description E-mail address; one member each.
             * @example bia@silva.example.org
             */
            email?: null | string;
            /**
             * @description What the member may do once people sign in.
             * @enum {null|string}
             */
            role?: "admin" | "member" | "viewer" | null;
            /** @description Off for someone who left: keeps what he did, gets nothing new. */
            active?: null | boolean;
        };
        Money: {
            /**
             * Format: int64
             * @description In minor units (cents).
             */
            amount: number;
            /**
             * @description ISO 4217 code.
             * @example EUR
             */
            currency: string;
        };
        NewCustomer: {
            /**
             * @description A person, or an organisation whose contact the person is.
             * @enum {null|string}
             */
            kind?: "person" | "organisation" | null;
            /** @description What was bought, as for POST /v1/purchases without the customer. An order that is known already is not bought twice. */
            purchase?: unknown;
        };
        OtherLead: {
            /** @description The other lead. */
            lead: string;
        };
        Payment: {
            /**
             * @description What the payment is known by, as on the bank statement.
             * @example 2026-11
             */
            reference?: null | string;
        };
        PhoneEntry: {
            /**
             * @description The number in E.164 form.
             * @example +5511912345678
             */
            number: string;
            /**
             * @description Where it rings.
             * @enum {string}
             */
            kind?: "mobile" | "work" | "home" | "other";
            /** @description Whether it is the one to call. */
            primary?: boolean;
        };
        /** @description An address of a partner's system that is called when a lead, a conversion or a commission counts for it. */
        Postback: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Network, sales
             */
            name: null | string;
            /**
             * @description The address, http or https, with places such as {click_id} behind the host; [[click_id]] and #click_id# are the same. A place that is not known stays empty.
             * @example https://network.example.org/p?cid={click_id}&payout={payout}
             */
            url: string;
            /** @description What it is called for: lead, a conversion's type, conversion.reversed, commission.approved, commission.paid, commission.reversed. */
            on: string[];
            /** @description Only what counts for this affiliate. */
            affiliate: null | string;
            /** @description Only what counts for this campaign. */
            campaign: null | string;
            /** @description Only what counts for this link. */
            link: null | string;
            /** @description Whether it is called. */
            active: boolean;
            /**
             * Format: date-time
             * @description When the product stopped calling it.
             */
            disabledAt: null | string;
            /** @description Why: gone (it answered 410) or attempts_used (nothing arrived for days). */
            disabledBecause: null | string;
        };
        PostbackInput: {
            /**
             * @description What people call it.
             * @example Network, sales
             */
            name?: null | string;
            /**
             * @description The address, http or https, with places such as {click_id} behind the host; [[click_id]] and #click_id# are the same. A place that is not known stays empty.
             * @example https://network.example.org/p?cid={click_id}&payout={payout}
             */
            url: string;
            /** @description What it is called for: lead, a conversion's type, conversion.reversed, commission.approved, commission.paid, commission.reversed. */
            on: string[];
            /** @description Only what counts for this affiliate. */
            affiliate?: null | string;
            /** @description Only what counts for this campaign. */
            campaign?: null | string;
            /** @description Only what counts for this link. */
            link?: null | string;
            /** @description Whether it is called. */
            active?: null | boolean;
        };
        PostbackPage: {
            data: components["schemas"]["Postback"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        PostbackPatch: {
            /**
             * @description What people call it.
             * @example Network, sales
             */
            name?: null | string;
            /**
             * @description The address, http or https, with places such as {click_id} behind the host; [[click_id]] and #click_id# are the same. A place that is not known stays empty.
             * @example https://network.example.org/p?cid={click_id}&payout={payout}
             */
            url?: null | string;
            /** @description What it is called for: lead, a conversion's type, conversion.reversed, commission.approved, commission.paid, commission.reversed. */
            on?: null | string[];
            /** @description Only what counts for this affiliate. */
            affiliate?: null | string;
            /** @description Only what counts for this campaign. */
            campaign?: null | string;
            /** @description Only what counts for this link. */
            link?: null | string;
            /** @description Whether it is called. */
            active?: null | boolean;
        };
        /** @description RFC 9457 problem details. */
        Problem: {
            /** @description An address that names the problem. */
            type: string;
            /** @description The problem in general. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /**
             * @description Stable; a closed list.
             * @enum {string}
             */
            code: "already_exists" | "array_too_long" | "body_malformed" | "body_too_large" | "charset_unsupported" | "conflict" | "content_encoding_unsupported" | "duplicate_field" | "duplicate_submission" | "encoding_invalid" | "form_closed" | "form_not_found" | "headers_too_large" | "idempotency_key_in_use" | "idempotency_key_reused" | "in_use" | "insufficient_scope" | "invalid_cursor" | "invalid_idempotency_key" | "invalid_parameter" | "limit_reached" | "media_type_unsupported" | "method_not_allowed" | "name_too_long" | "not_found" | "nul_character" | "origin_not_allowed" | "part_headers_too_large" | "processing_failed" | "query_too_costly" | "rate_limited" | "store_unavailable" | "too_deep" | "too_many_fields" | "unauthorized" | "unexpected" | "unknown_parameter" | "uri_too_long" | "validation_failed" | "value_too_long" | "version_mismatch" | "wrong_state";
            /** @description The problem this time. */
            detail: string;
            errors: {
                /** @description Which field, by its path. */
                field?: string;
                /** @description A stable code. */
                code: string;
                /** @description What is allowed. */
                message: string;
            }[];
        };
        ProposedChange: {
            /** @description Names the proposal in accept and dismiss. */
            id?: string;
            /** @description The field, by its path. */
            field?: string;
            /** @description The proposed value. */
            value?: unknown;
            /** @description Who sent it: a submission or a merged lead. */
            by?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at?: string;
        };
        Provenance: {
            /** @description A submission, an api key, a member or an import. */
            by?: string;
            /**
             * Format: date-time
             * @description When.
             */
            at?: string;
            /** @description The fields it set, by their paths. */
            fields?: string[];
        };
        /** @description What a customer bought. An order is one purchase, however often a shop sends it. */
        Purchase: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description Who bought. */
            customer: null | string;
            /**
             * @description The shop's own number.
             * @example A-1001
             */
            orderId: null | string;
            /**
             * Format: date-time
             * @description When. Now unless it is said.
             */
            purchasedAt: null | string;
            /** @description What was bought. */
            lines: components["schemas"]["PurchaseLine"][];
            /** @description What was paid. The sum of the lines unless it is said, as with a discount or postage. */
            total: components["schemas"]["Money"] | null;
            /** @description The member who sold it. */
            representative: null | string;
            /** @description What the customer asked for. */
            specialInstructions: null | string;
            /** @description What the team says about it. */
            comments: null | string;
            /** @description The conversion that told of it. */
            conversion: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom: {
                [key: string]: unknown;
            };
        };
        PurchaseInput: {
            /** @description Who bought. */
            customer?: null | string;
            /**
             * @description The shop's own number.
             * @example A-1001
             */
            orderId?: null | string;
            /**
             * Format: date-time
             * @description When. Now unless it is said.
             */
            purchasedAt?: null | string;
            /** @description What was bought. */
            lines?: null | components["schemas"]["PurchaseLine"][];
            /** @description What was paid. The sum of the lines unless it is said, as with a discount or postage. */
            total?: components["schemas"]["Money"] | null;
            /** @description The member who sold it. */
            representative?: null | string;
            /** @description What the customer asked for. */
            specialInstructions?: null | string;
            /** @description What the team says about it. */
            comments?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        PurchaseLine: {
            /**
             * @description Name of the product.
             * @example Solar panel 400 W
             */
            product: string;
            /**
             * @description The shop's number of the product.
             * @example SP-400
             */
            sku?: null | string;
            /**
             * Format: int64
             * @description How many.
             */
            quantity?: number;
            /** @description Price of one. */
            price?: components["schemas"]["Money"] | null;
        };
        PurchasePage: {
            data: components["schemas"]["Purchase"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        PurchasePatch: {
            /**
             * Format: date-time
             * @description When. Now unless it is said.
             */
            purchasedAt?: null | string;
            /** @description What was bought. */
            lines?: null | components["schemas"]["PurchaseLine"][];
            /** @description What was paid. The sum of the lines unless it is said, as with a discount or postage. */
            total?: components["schemas"]["Money"] | null;
            /** @description The member who sold it. */
            representative?: null | string;
            /** @description What the customer asked for. */
            specialInstructions?: null | string;
            /** @description What the team says about it. */
            comments?: null | string;
            /** @description The workspace's own fields by name; see custom-fields. */
            custom?: {
                [key: string]: unknown;
            };
        };
        Receipt: {
            /** @description The submission's id. */
            id: string;
            /** @description Where to send the visitor. */
            next: string;
            /** @description Only for a secret key of the form's workspace. */
            verdict?: string;
            /** @description Only for a secret key. */
            reason?: string;
            /** @description Only for a secret key. */
            lead?: string;
        };
        /** @description Applies today's channel rules and bot rules to stored clicks, visitors, touches, leads, conversions and commissions. */
        Reclassification: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * Format: date-time
             * @description Only records since this time; empty: all.
             */
            since: null | string;
            /**
             * @description Waiting, running or done. A workspace's are done one after another.
             * @enum {string}
             */
            status: "waiting" | "running" | "done";
            /**
             * @description What is gone through now.
             * @enum {string}
             */
            stage: "clicks" | "visitors" | "touches" | "leads" | "conversions" | "commissions";
            /**
             * Format: int64
             * @description Records that were looked at.
             */
            seen: number;
            /**
             * Format: int64
             * @description Records that were changed.
             */
            changed: number;
            /**
             * Format: date-time
             * @description When it was done.
             */
            finishedAt: null | string;
        };
        ReclassificationInput: {
            /**
             * Format: date-time
             * @description Only records since this time; empty: all.
             */
            since?: null | string;
        };
        ReclassificationPage: {
            data: components["schemas"]["Reclassification"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        /** @description A website and the origins that may post its forms. */
        Site: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Silva shop
             */
            name: string;
            /**
             * Format: uri
             * @description Its home page.
             * @example https://www.silva.example.org/
             */
            url: null | string;
            /** @description Origins whose pages may post the site's forms and call the API from a browser. */
            allowedOrigins: string[];
            /**
             * @description A host of its own for tracked links, without scheme: https://go.example.org/spring leads where /l/spring does. Its DNS must point here.
             * @example go.silva.example.org
             */
            linkDomain: null | string;
            /** @description Names the site in /t.js, /t/events and /t/pixel.gif. Public. */
            key: null | string;
            /** @description Whether a visitor must have agreed before his browser keeps an id: crm('consent', true). */
            trackingNeedsConsent: boolean;
            /**
             * @description Its number in Matomo's parameters (idsite). Made when it is not given.
             * @example 104729381
             */
            matomoId: null | string;
            /**
             * @description What amounts are in that are told without a currency, as by Matomo.
             * @example EUR
             */
            currency: null | string;
            /** @description Whether its pages may report leads and sales of people by name, with the publishable key crm_pk_ and the site's key. A page can be made to say anything. */
            clientConversions: boolean;
        };
        SiteInput: {
            /**
             * @description What people call it.
             * @example Silva shop
             */
            name: string;
            /**
             * Format: uri
             * @description Its home page.
             * @example https://www.silva.example.org/
             */
            url?: null | string;
            /** @description Origins whose pages may post the site's forms and call the API from a browser. */
            allowedOrigins?: null | string[];
            /**
             * @description A host of its own for tracked links, without scheme: https://go.example.org/spring leads where /l/spring does. Its DNS must point here.
             * @example go.silva.example.org
             */
            linkDomain?: null | string;
            /** @description Whether a visitor must have agreed before his browser keeps an id: crm('consent', true). */
            trackingNeedsConsent?: null | boolean;
            /**
             * @description Its number in Matomo's parameters (idsite). Made when it is not given.
             * @example 104729381
             */
            matomoId?: null | string;
            /**
             * @description What amounts are in that are told without a currency, as by Matomo.
             * @example EUR
             */
            currency?: null | string;
            /** @description Whether its pages may report leads and sales of people by name, with the publishable key crm_pk_ and the site's key. A page can be made to say anything. */
            clientConversions?: null | boolean;
        };
        SitePage: {
            data: components["schemas"]["Site"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        SitePatch: {
            /**
             * @description What people call it.
             * @example Silva shop
             */
            name?: null | string;
            /**
             * Format: uri
             * @description Its home page.
             * @example https://www.silva.example.org/
             */
            url?: null | string;
            /** @description Origins whose pages may post the site's forms and call the API from a browser. */
            allowedOrigins?: null | string[];
            /**
             * @description A host of its own for tracked links, without scheme: https://go.example.org/spring leads where /l/spring does. Its DNS must point here.
             * @example go.silva.example.org
             */
            linkDomain?: null | string;
            /** @description Whether a visitor must have agreed before his browser keeps an id: crm('consent', true). */
            trackingNeedsConsent?: null | boolean;
            /**
             * @description Its number in Matomo's parameters (idsite). Made when it is not given.
             * @example 104729381
             */
            matomoId?: null | string;
            /**
             * @description What amounts are in that are told without a currency, as by Matomo.
             * @example EUR
             */
            currency?: null | string;
            /** @description Whether its pages may report leads and sales of people by name, with the publishable key crm_pk_ and the site's key. A page can be made to say anything. */
            clientConversions?: null | boolean;
        };
        /** @description One post of a form exactly as it came, with its verdict. */
        Submission: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The form that was posted. */
            form: null | string;
            /**
             * @description What became of it.
             * @enum {string}
             */
            verdict: "accepted" | "merged" | "quarantined" | "rejected" | "failed";
            /**
             * @description Why it was quarantined, rejected or failed.
             * @example origin_not_allowed
             */
            reason: null | string;
            /** @description The lead it made or was added to. */
            lead: null | string;
            /** @description Whether it made the lead. */
            madeLead: boolean;
            /** @description Leads it might belong to when it names more than one. */
            candidates: string[];
            /** @description What was posted: each name with its value, or a list of values when it was repeated. */
            fields: unknown;
            /** @description Names that the form does not know. */
            unknownFields: string[];
            /** @description Files that were attached: name and size; their content is not kept. */
            files: components["schemas"]["FileNote"][];
            /** @description What was wrong with it. */
            errors: components["schemas"]["SubmissionError"][];
            /** @description What speaks for a robot. */
            signals: string[];
            /** @description The page of the form. */
            page: null | string;
            /** @description The page that led there. */
            referrer: null | string;
            /** @description The origin that the browser named. */
            origin: null | string;
            /** @description The visitor's network (/24 or /48), or the whole address if the form says so. */
            ip: null | string;
            /** @description The browser. */
            userAgent: null | string;
            /** @description The browser's languages. */
            acceptLanguage: null | string;
            /** @description The key that makes a retry the same post. */
            idempotencyKey: null | string;
            /** @description The body's media type. */
            contentType: null | string;
            /** @description The body in base64, when it could not be read. */
            raw: null | string;
            /**
             * Format: int64
             * @description How often it was processed.
             */
            attempts: number;
        };
        SubmissionError: {
            /** @description Which field. */
            field?: string;
            /** @description A stable code. */
            code?: string;
            /** @description A sentence that says what is allowed. */
            message?: string;
        };
        SubmissionPage: {
            data: components["schemas"]["Submission"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        ThankYou: {
            /**
             * @description Shown on our thank-you page.
             * @example Thank you. We will be in touch.
             */
            message?: string;
            /**
             * Format: uri
             * @description Where the visitor goes instead of our thank-you page.
             */
            redirect?: null | string;
        };
        /** @description One contact with a visitor or a lead: a page seen, a form begun, an e-mail opened, a call. */
        Touch: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What kind of contact. By hand: call, visit, meeting.
             * @example call
             * @enum {string}
             */
            kind: "pageView" | "formView" | "formStart" | "outbound" | "download" | "open" | "view" | "conversion" | "event" | "call" | "visit" | "meeting";
            /** @description The lead, when the contact was with a known one. A visitor's touches are found by visitor. */
            lead: null | string;
            /** @description The visitor; none for who asks not to be tracked. */
            visitor: null | string;
            /**
             * Format: date-time
             * @description When it happened. Of a browser's clock at most a day before it was told, and never later.
             */
            at: null | string;
            /** @description What was wrong with the browser's clock: past or future. */
            clock: null | string;
            /** @description What was talked about, or the name of the event. */
            note: null | string;
            /** @description The site it was told for. */
            site: null | string;
            /** @description The form that was seen or begun. */
            form: null | string;
            /** @description The click on a tracked link that led to the page. */
            click: null | string;
            /** @description That click's link. */
            link: null | string;
            /** @description That link's campaign, or the e-mail's. */
            campaign: null | string;
            /** @description That link's affiliate. */
            affiliate: null | string;
            /** @description Whether somebody came from elsewhere with it: by a link, an advertisement, another site, or directly. */
            arrival: boolean;
            /** @description The marketing channel of an arrival. */
            channel: null | string;
            /** @description The page. */
            page: null | string;
            /** @description Host of the page before it, when that is another site's. */
            referrer: null | string;
            /** @description Where an outbound or download click led. */
            target: null | string;
            utm: components["schemas"]["Utm"];
            /** @description Click ids of advertising networks, exactly as they came: name=value. */
            clickIds: string[];
            /** @description Whether it counts as a person's. */
            human: boolean;
            /** @description Why it does not count as a person's. */
            signals: string[];
            /** @description The browser's own description. */
            userAgent: null | string;
            /** @description Network of the address: /24 or /48. */
            ip: null | string;
        };
        TouchInput: {
            /**
             * @description What kind of contact. By hand: call, visit, meeting.
             * @example call
             * @enum {string}
             */
            kind: "pageView" | "formView" | "formStart" | "outbound" | "download" | "open" | "view" | "conversion" | "event" | "call" | "visit" | "meeting";
            /** @description The lead, when the contact was with a known one. A visitor's touches are found by visitor. */
            lead?: null | string;
            /**
             * Format: date-time
             * @description When it happened. Of a browser's clock at most a day before it was told, and never later.
             */
            at?: null | string;
            /** @description What was talked about, or the name of the event. */
            note?: null | string;
        };
        TouchPage: {
            data: components["schemas"]["Touch"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        /** @description A GraphQL text that clients ask for by its id. A workspace can refuse every other. */
        TrustedDocument: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description By which it is asked for; when it is not given, the SHA-256 of the text in hex.
             * @example 6f239fce3113157cda63d940de8c00d47474dfd57620870cd0348eb7d83f6abc
             */
            documentId: string;
            /**
             * @description The text, with one or more operations.
             * @example query Newest { leads(first: 5) { nodes { id } } }
             */
            text: string;
        };
        TrustedDocumentInput: {
            /**
             * @description By which it is asked for; when it is not given, the SHA-256 of the text in hex.
             * @example 6f239fce3113157cda63d940de8c00d47474dfd57620870cd0348eb7d83f6abc
             */
            documentId?: null | string;
            /**
             * @description The text, with one or more operations.
             * @example query Newest { leads(first: 5) { nodes { id } } }
             */
            text: string;
        };
        TrustedDocumentPage: {
            data: components["schemas"]["TrustedDocument"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        Utm: {
            /** @description utm_source */
            source?: null | string;
            /** @description utm_medium */
            medium?: null | string;
            /** @description utm_campaign */
            campaign?: null | string;
            /** @description utm_term */
            term?: null | string;
            /** @description utm_content */
            content?: null | string;
        };
        /** @description A browser that came to a site and may be recognised. */
        Visitor: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The site it came to first. */
            site: null | string;
            /** @description The lead who sent a form from it. */
            lead: null | string;
            /** @description The channel it came by first. */
            channel: null | string;
            /** @description The click it came by first. */
            click: null | string;
            /** @description The first page. */
            landingPage: null | string;
            /** @description Host of the page before the first. */
            referrer: null | string;
            utm: components["schemas"]["Utm"];
            /** @description Click ids of the first page. */
            clickIds: string[];
            /** @description Whether its first touch counts as a person's. */
            human: boolean;
        };
        VisitorPage: {
            data: components["schemas"]["Visitor"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        WhichSubmissions: {
            /** @description Entries of this form only. */
            form?: null | string;
            /**
             * @description Entries with this verdict: rejected, failed or quarantined.
             * @enum {null|string}
             */
            verdict?: "accepted" | "merged" | "quarantined" | "rejected" | "failed" | null;
            /** @description Entries with this reason only. */
            reason?: null | string;
            /**
             * Format: int64
             * @description At most so many; the answer says whether there are more.
             */
            limit?: null | number;
            /** @description Go on after this submission, as the last answer said. */
            after?: null | string;
        };
        WhoseSubmission: {
            /** @description The lead it belongs to, when it names two. */
            lead?: null | string;
        };
        /** @description Whose data it is. A key sees its own workspace only. */
        Workspace: {
            id: string;
            /**
             * Format: int64
             * @description One more with each change; the ETag.
             */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /**
             * @description What people call it.
             * @example Silva Ltda
             */
            name: string;
            /**
             * @description The country of phone numbers that come without a country code.
             * @example BR
             */
            defaultCountry: null | string;
            /**
             * @description In which days and hours are counted.
             * @example America/Sao_Paulo
             */
            timeZone: string;
            /** @description Whether GraphQL runs trusted documents only. */
            trustedDocumentsOnly: boolean;
        };
        WorkspaceCreated: components["schemas"]["Workspace"] & {
            /** @description The API key. Shown this once. */
            key: string;
        };
        WorkspaceInput: {
            /**
             * @description What people call it.
             * @example Silva Ltda
             */
            name: string;
            /**
             * @description The country of phone numbers that come without a country code.
             * @example BR
             */
            defaultCountry?: null | string;
            /**
             * @description In which days and hours are counted.
             * @example America/Sao_Paulo
             */
            timeZone?: null | string;
            /** @description Whether GraphQL runs trusted documents only. */
            trustedDocumentsOnly?: null | boolean;
        };
        WorkspacePage: {
            data: components["schemas"]["Workspace"][];
            page: {
                /** @description For after= of the next page. */
                next: null | string;
                hasMore: boolean;
            };
        };
        WorkspacePatch: {
            /**
             * @description What people call it.
             * @example Silva Ltda
             */
            name?: null | string;
            /**
             * @description The country of phone numbers that come without a country code.
             * @example BR
             */
            defaultCountry?: null | string;
            /**
             * @description In which days and hours are counted.
             * @example America/Sao_Paulo
             */
            timeZone?: null | string;
            /** @description Whether GraphQL runs trusted documents only. */
            trustedDocumentsOnly?: null | boolean;
        };
    };
    responses: {
        /** @description What went wrong, with a stable code. */
        Problem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listWorkspaces: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspacePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createWorkspace: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspaceInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceCreated"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getWorkspace: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The workspace's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateWorkspace: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The workspace's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["WorkspacePatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workspace"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyCreated"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getApiKey: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The apiKey's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The apiKey's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The apiKey's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["ApiKeyPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The apiKey's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listMembers: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, name, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description Full name. Indexed. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
                /** @description E-mail address; one member each. Indexed. Also email[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                email?: string;
                /** @description What the member may do once people sign in. Also role[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                role?: "admin" | "member" | "viewer";
                /** @description Off for someone who left: keeps what he did, gets nothing new. Also active[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                active?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getMember: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The member's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The member's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateMember: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The member's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["MemberPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listSites: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, name, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description What people call it. Indexed. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
                /** @description Origins whose pages may post the site's forms and call the API from a browser. Also allowedOrigins[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                allowedOrigins?: string;
                /** @description A host of its own for tracked links, without scheme: https://go.example.org/spring leads where /l/spring does. Its DNS must point here. Indexed. Also linkDomain[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                linkDomain?: string;
                /** @description Names the site in /t.js, /t/events and /t/pixel.gif. Public. Indexed. Also key[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                key?: string;
                /** @description Whether a visitor must have agreed before his browser keeps an id: crm('consent', true). Also trackingNeedsConsent[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                trackingNeedsConsent?: boolean;
                /** @description Its number in Matomo's parameters (idsite). Made when it is not given. Indexed. Also matomoId[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                matomoId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SitePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createSite: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SiteInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getSite: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The site's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteSite: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The site's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateSite: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The site's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["SitePatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Site"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listForms: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, name, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description What people call it. Indexed. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
                /** @description Names the form in its public address; random. Indexed. Also key[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                key?: string;
                /** @description Only a published form accepts posts; the others keep them as rejected, and they can be processed again. Also status[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                status?: "published" | "draft" | "closed";
                /** @description The website it stands on; its allowed origins count too. Also site[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                site?: string;
                /** @description The member who gets new leads of the form. Also owner[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                owner?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FormPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FormInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Form"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getForm: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The form's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Form"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The form's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The form's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["FormPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Form"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listSubmissions: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description The form that was posted. Indexed. Also form[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                form?: string;
                /** @description What became of it. Indexed. Also verdict[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                verdict?: "accepted" | "merged" | "quarantined" | "rejected" | "failed";
                /** @description Why it was quarantined, rejected or failed. Also reason[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                reason?: string;
                /** @description The lead it made or was added to. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description Leads it might belong to when it names more than one. Also candidates[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                candidates?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SubmissionPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getSubmission: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    reprocessSubmission: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    reprocessSubmissions: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhichSubmissions"];
            };
        };
        responses: {
            /** @description What was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    approveSubmission: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WhoseSubmission"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    spamSubmission: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The submission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listLeads: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, lastName, company, score, updatedAt, custom.NAME. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description Given name. Also firstName[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                firstName?: string;
                /** @description Family name. Indexed. Also lastName[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lastName?: string;
                /** @description The address as written by its owner. Indexed. Also email[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                email?: string;
                /** @description The number in E.164 form. Indexed. Also phone[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                phone?: string;
                /** @description Where the person works. Indexed. Also company[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                company?: string;
                /** @description What the person does there. Also jobTitle[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                jobTitle?: string;
                /** @description City. Also address.city[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.city"?: string;
                /** @description State or region. Also address.region[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.region"?: string;
                /** @description Postal code. Also address.postalCode[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.postalCode"?: string;
                /** @description ISO 3166 country code. Also address.country[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.country"?: string;
                /** @description Preferred language (BCP 47). Also language[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                language?: string;
                /** @description The person's id in another system, such as a shop. Indexed. Also externalId[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                externalId?: string;
                /** @description What the person is interested in. Also interest[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                interest?: string;
                /** @description How far it got. Indexed. Also status[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                status?: "new" | "working" | "qualified" | "unqualified" | "converted";
                /** @description How promising it is. Indexed. Also score[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                score?: number;
                /** @description The member who looks after the lead. Indexed. Also owner[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                owner?: string;
                /** @description Words to group leads by. Also tags[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                tags?: string;
                /** @description The form. Indexed. Also source.form[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "source.form"?: string;
                /** @description The marketing channel, by the rules of GA4's default channel group. Also source.channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "source.channel"?: string;
                /** @description The customer that the lead became. Also customer[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                customer?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeadPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    upsertLead: {
        parameters: {
            query: {
                /** @description What the body's person is known by. */
                match: "email" | "phone";
            };
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeadInput"];
            };
        };
        responses: {
            /** @description The lead; 201 when it was made. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeadInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getLead: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["LeadPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    mergeLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OtherLead"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    unmergeLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OtherLead"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    convertLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCustomer"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    acceptLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeChoice"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    dismissLead: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeChoice"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listCustomFields: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description The resource it belongs to, by its singular name. Also for[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                for?: string;
                /** @description How it is written in custom: a letter, then letters, digits and underscores. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomFieldPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createCustomField: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomFieldInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomField"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getCustomField: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The customField's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomField"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteCustomField: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The customField's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateCustomField: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The customField's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["CustomFieldPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomField"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listCampaigns: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, name, updatedAt, custom.NAME. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description What people call it. Indexed. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CampaignPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CampaignInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getCampaign: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The campaign's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The campaign's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateCampaign: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The campaign's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["CampaignPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Campaign"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listAffiliates: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, name, updatedAt, custom.NAME. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description What people call it. Indexed. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
                /** @description Whom to write to. Also email[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                email?: string;
                /** @description Whether it sends people now. Indexed. Also status[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                status?: "active" | "paused" | "ended";
                /** @description Names the affiliate in the address of its postbacks, /postback/{postbackKey}; random. Who knows it can report conversions of this affiliate's clicks. Indexed. Also postbackKey[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                postbackKey?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AffiliatePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createAffiliate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AffiliateInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliate"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getAffiliate: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliate"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteAffiliate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateAffiliate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["AffiliatePatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliate"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    payAffiliate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Payment"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliate"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    recomputeAffiliate: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The affiliate's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Affiliate"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listLinks: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, name, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description The last part of its address: letters, digits, - and _. Made when it is not given. Indexed. Also slug[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                slug?: string;
                /** @description What people call it. Indexed. Also name[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                name?: string;
                /** @description The campaign it belongs to. Indexed. Also campaign[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                campaign?: string;
                /** @description The affiliate who shows it. Indexed. Also affiliate[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                affiliate?: string;
                /** @description The marketing channel; empty: told from what the visitor brings. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
                /** @description Whether it leads anywhere. Also active[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                active?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LinkInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getLink: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The link's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The link's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateLink: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The link's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["LinkPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Link"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    bulkLinks: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkLinks"];
            };
        };
        responses: {
            /** @description What was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listClicks: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description The link. Indexed. Also link[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                link?: string;
                /** @description The lead who clicked: named by his own link, or by the form that he sent afterwards. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description The marketing channel. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
                /** @description Whether it counts as a person's. Also human[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                human?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ClickPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getClick: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The click's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Click"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listVisitors: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description The site it came to first. Also site[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                site?: string;
                /** @description The lead who sent a form from it. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description The channel it came by first. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
                /** @description Whether its first touch counts as a person's. Also human[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                human?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitorPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getVisitor: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The visitor's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Visitor"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listTouches: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description What kind of contact. By hand: call, visit, meeting. Indexed. Also kind[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                kind?: "pageView" | "formView" | "formStart" | "outbound" | "download" | "open" | "view" | "conversion" | "event" | "call" | "visit" | "meeting";
                /** @description The lead, when the contact was with a known one. A visitor's touches are found by visitor. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description The visitor; none for who asks not to be tracked. Indexed. Also visitor[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                visitor?: string;
                /** @description When it happened. Of a browser's clock at most a day before it was told, and never later. Also at[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                at?: string;
                /** @description The site it was told for. Also site[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                site?: string;
                /** @description The form that was seen or begun. Also form[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                form?: string;
                /** @description The click on a tracked link that led to the page. Also click[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                click?: string;
                /** @description That click's link. Also link[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                link?: string;
                /** @description That link's campaign, or the e-mail's. Also campaign[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                campaign?: string;
                /** @description That link's affiliate. Also affiliate[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                affiliate?: string;
                /** @description Whether somebody came from elsewhere with it: by a link, an advertisement, another site, or directly. Also arrival[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                arrival?: boolean;
                /** @description The marketing channel of an arrival. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
                /** @description Whether it counts as a person's. Also human[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                human?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TouchPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createTouch: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TouchInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Touch"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getTouch: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The touch's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Touch"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listConversions: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description What it was. Indexed. Also type[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                type?: string;
                /** @description The shop's own number of it. The same type and number are one conversion, however often they are sent. Also orderId[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                orderId?: string;
                /** @description The lead. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description The link it is owed to. Indexed. Also link[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                link?: string;
                /** @description The campaign. Also campaign[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                campaign?: string;
                /** @description The affiliate. Also affiliate[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                affiliate?: string;
                /** @description The marketing channel. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
                /** @description The customer, when it was a sale to a known lead. Indexed. Also customer[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                customer?: string;
                /** @description When it was taken back: it counts no more. Also reversedAt[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                reversedAt?: string;
                /** @description Whether a page told it, so that anybody may have said it: when the shop itself or a network tells the same order, that takes its place. Also byPage[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                byPage?: boolean;
                /** @description The conversion that took its place. Also replacedBy[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                replacedBy?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConversionPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createConversion: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversionInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversion"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getConversion: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The conversion's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversion"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    reverseConversion: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The conversion's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversion"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listCommissions: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description Who earned it. Indexed. Also affiliate[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                affiliate?: string;
                /** @description Pending until the team approves it; then paid. Reversed when what it rewards was taken back. Indexed. Also status[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                status?: "pending" | "approved" | "paid" | "reversed";
                /** @description The conversion it rewards. Indexed. Also conversion[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                conversion?: string;
                /** @description The lead it rewards, or whose conversion it was. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description What was rewarded: lead, or the conversion's type. Also on[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                on?: string;
                /** @description What the payment is known by. Also payment[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                payment?: string;
                /** @description The link it is owed to. Also link[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                link?: string;
                /** @description The campaign. Also campaign[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                campaign?: string;
                /** @description The marketing channel. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CommissionPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getCommission: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The commission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    approveCommission: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The commission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    reverseCommission: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The commission's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Commission"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listChannelRules: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description The channel: lower-case letters, digits and hyphens. Also channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                channel?: string;
                /** @description Whether it is used. Also active[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                active?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelRulePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createChannelRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelRuleInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelRule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getChannelRule: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The channelRule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelRule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteChannelRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The channelRule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateChannelRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The channelRule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["ChannelRulePatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelRule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listBotRules: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description Whether it is used. Also active[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                active?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotRulePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createBotRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BotRuleInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotRule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getBotRule: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The botRule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotRule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteBotRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The botRule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateBotRule: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The botRule's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["BotRulePatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BotRule"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listReclassifications: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description Waiting, running or done. A workspace's are done one after another. Indexed. Also status[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                status?: "waiting" | "running" | "done";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReclassificationPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createReclassification: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReclassificationInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reclassification"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getReclassification: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The reclassification's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Reclassification"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listPostbacks: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, updatedAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description Only what counts for this affiliate. Indexed. Also affiliate[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                affiliate?: string;
                /** @description Only what counts for this campaign. Indexed. Also campaign[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                campaign?: string;
                /** @description Only what counts for this link. Indexed. Also link[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                link?: string;
                /** @description Whether it is called. Also active[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                active?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PostbackPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createPostback: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PostbackInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Postback"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getPostback: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The postback's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Postback"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deletePostback: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The postback's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updatePostback: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The postback's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["PostbackPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Postback"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description The postback that it is a call of. Indexed. Also postback[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                postback?: string;
                /** @description What it tells of: lead, a conversion's type, conversion.reversed, commission.approved, ... Also event[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                event?: string;
                /** @description The id of the record it tells of. Indexed. Also subject[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                subject?: string;
                /** @description The address's host, with its port unless that is the usual one. Also host[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                host?: string;
                /** @description Waiting, delivered, failed (will be tried again) or dead (given up). Indexed. Also status[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                status?: "waiting" | "delivered" | "failed" | "dead";
                /** @description When it is tried next; while it is being tried, when another node may take it over. None when it is delivered or dead. Also dueAt[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                dueAt?: string;
                /** @description When it arrived. Also deliveredAt[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                deliveredAt?: string;
                /** @description Why it was given up: attempts_used, gone, not_allowed, endpoint_inactive or address_too_long. Also reason[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                reason?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getDelivery: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The delivery's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    retryDelivery: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The delivery's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Delivery"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listCustomers: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, lastName, company, since, updatedAt, custom.NAME. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description Given name. Also firstName[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                firstName?: string;
                /** @description Family name. Indexed. Also lastName[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lastName?: string;
                /** @description The address as written by its owner. Indexed. Also email[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                email?: string;
                /** @description The number in E.164 form. Indexed. Also phone[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                phone?: string;
                /** @description Where the person works. Indexed. Also company[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                company?: string;
                /** @description What the person does there. Also jobTitle[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                jobTitle?: string;
                /** @description City. Also address.city[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.city"?: string;
                /** @description State or region. Also address.region[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.region"?: string;
                /** @description Postal code. Also address.postalCode[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.postalCode"?: string;
                /** @description ISO 3166 country code. Also address.country[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "address.country"?: string;
                /** @description Preferred language (BCP 47). Also language[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                language?: string;
                /** @description A person, or an organisation whose contact the person is. Indexed. Also kind[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                kind?: "person" | "organisation";
                /** @description The number that authorities or the shop know the customer by. Also taxId[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                taxId?: string;
                /** @description The member who looks after the customer. Indexed. Also owner[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                owner?: string;
                /** @description Words to group customers by. Also tags[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                tags?: string;
                /** @description Since when. The moment of the first conversion unless the team says otherwise. Indexed. Also since[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                since?: string;
                /** @description The lead that became this customer. Indexed. Also lead[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                lead?: string;
                /** @description The form. Indexed. Also source.form[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "source.form"?: string;
                /** @description The marketing channel, by the rules of GA4's default channel group. Also source.channel[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "source.channel"?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CustomerPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CustomerInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getCustomer: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The customer's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The customer's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updateCustomer: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The customer's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["CustomerPatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Customer"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listPurchases: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, purchasedAt, updatedAt, custom.NAME. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description Words; each must begin a word of the record. */
                q?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description updatedAt[gte], updatedAt[lt], ... compare. */
                updatedAt?: string;
                /** @description Who bought. Indexed. Also customer[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                customer?: string;
                /** @description The shop's own number. Indexed. Also orderId[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                orderId?: string;
                /** @description When. Now unless it is said. Indexed. Also purchasedAt[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                purchasedAt?: string;
                /** @description Name of the product. Also lines.product[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "lines.product"?: string;
                /** @description The shop's number of the product. Also lines.sku[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                "lines.sku"?: string;
                /** @description The member who sold it. Indexed. Also representative[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                representative?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PurchasePage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createPurchase: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PurchaseInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Purchase"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getPurchase: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The purchase's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Purchase"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deletePurchase: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The purchase's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    updatePurchase: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The purchase's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/merge-patch+json": components["schemas"]["PurchasePatch"];
            };
        };
        responses: {
            /** @description The record as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Purchase"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listTrustedDocuments: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description By which it is asked for; when it is not given, the SHA-256 of the text in hex. Indexed. Also documentId[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                documentId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustedDocumentPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    createTrustedDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustedDocumentInput"];
            };
        };
        responses: {
            /** @description The new record. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustedDocument"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getTrustedDocument: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The trustedDocument's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TrustedDocument"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    deleteTrustedDocument: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag that was read; another version answers 412. */
                "If-Match"?: string;
            };
            path: {
                /** @description The trustedDocument's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    uploadTrustedDocuments: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DocumentSet"];
            };
        };
        responses: {
            /** @description What was done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, position. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description Its place among the workspace's events, in the order in which they were committed: 1, 2, 3, without gaps. Who has seen one never meets a new one before it. null for at most a moment, on a database that numbers behind the commit. Indexed. Also position[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                position?: number;
                /** @description What happened: the resource and a verb in the past. Filters find it among also as well. Also type[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                type?: string;
                /** @description What else it was: further types that the same event has. Also also[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                also?: string;
                /** @description The id of the record it happened to. Indexed. Also subject[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    getEvent: {
        parameters: {
            query?: {
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
            };
            header?: never;
            path: {
                /** @description The event's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record; its version is the ETag. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Event"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listLeadTimeline: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, position. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description Its place among the workspace's events, in the order in which they were committed: 1, 2, 3, without gaps. Who has seen one never meets a new one before it. null for at most a moment, on a database that numbers behind the commit. Indexed. Also position[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                position?: number;
                /** @description What happened: the resource and a verb in the past. Filters find it among also as well. Also type[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                type?: string;
                /** @description What else it was: further types that the same event has. Also also[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                also?: string;
                /** @description The id of the record it happened to. Indexed. Also subject[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                subject?: string;
            };
            header?: never;
            path: {
                /** @description The lead's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    listCustomerTimeline: {
        parameters: {
            query?: {
                /** @description Rows in the page. */
                limit?: number;
                /** @description page.next of the page before. */
                after?: string;
                /** @description Fields separated by commas, each with - for descending: createdAt, position. */
                sort?: string;
                /** @description Members to answer, separated by commas; id always. */
                fields?: string;
                /** @description createdAt[gte], createdAt[lt], ... compare. */
                createdAt?: string;
                /** @description Its place among the workspace's events, in the order in which they were committed: 1, 2, 3, without gaps. Who has seen one never meets a new one before it. null for at most a moment, on a database that numbers behind the commit. Indexed. Also position[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                position?: number;
                /** @description What happened: the resource and a verb in the past. Filters find it among also as well. Also type[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                type?: string;
                /** @description What else it was: further types that the same event has. Also also[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                also?: string;
                /** @description The id of the record it happened to. Indexed. Also subject[ne], [in], [nin], [gt], [gte], [lt], [lte], [contains], [startsWith], [exists]. */
                subject?: string;
            };
            header?: never;
            path: {
                /** @description The customer's id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    report: {
        parameters: {
            query?: {
                /** @description First day, in the workspace's time zone; without it 29 days before the last. */
                from?: string;
                /** @description Last day, included; without it today. */
                to?: string;
                /** @description Adds the totals by day, week (from Monday) or month. */
                interval?: "day" | "week" | "month";
                /** @description Whether robots' clicks count among the clicks; without it people's only. */
                traffic?: "human" | "all";
                /** @description Adds the numbers of the period before, just as long. */
                compare?: "previous";
                /** @description Columns to sort the lines by, at most 3, with - the largest first: -conversionRate,-leads. Lines without a value come last; money counts in the currency that most of it is in. */
                sort?: string;
                /** @description Leaves out lines with fewer clicks, whose rates say little. Not for forms and the funnel. */
                minClicks?: number;
                /** @description Lines at most, 1 to 1000. */
                limit?: number;
                /** @description Instead of the Accept header. */
                format?: "json" | "csv" | "svg";
                /** @description Of the picture, 280 to 1600 pixels; without it 760. */
                width?: number;
            };
            header?: never;
            path: {
                /** @description Which report. */
                name: "links" | "campaigns" | "affiliates" | "channels" | "forms" | "funnel";
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A line for each, totals, the series when it was asked for, and the period. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            400: components["responses"]["Problem"];
            401: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            412: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
    submitForm: {
        parameters: {
            query?: never;
            header?: {
                /** @description A retry with the same key and body gets the first answer. Kept 24 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The form's public key. */
                formKey: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/x-www-form-urlencoded": {
                    [key: string]: unknown;
                };
                "multipart/form-data": {
                    [key: string]: unknown;
                };
                "application/json": {
                    [key: string]: unknown;
                };
            };
        };
        responses: {
            /** @description The receipt (Accept: application/json). */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Receipt"];
                };
            };
            /** @description To the thank-you page (a browser's own post). */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["Problem"];
            403: components["responses"]["Problem"];
            404: components["responses"]["Problem"];
            409: components["responses"]["Problem"];
            413: components["responses"]["Problem"];
            415: components["responses"]["Problem"];
            422: components["responses"]["Problem"];
            429: components["responses"]["Problem"];
            503: components["responses"]["Problem"];
        };
    };
}
